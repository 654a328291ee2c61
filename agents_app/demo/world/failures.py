"""The ways a request can go wrong, with the words Letta and the providers use."""

from random import Random

Failure = tuple[str, str, str]  # stop reason, error type, message

FAILURES: tuple[Failure, ...] = (
    ("llm_api_error", "LLMRateLimitError", "RATE_LIMIT_EXCEEDED: Rate limited by OpenAI: Error code: "
     "429 - {'error': {'message': 'Rate limit reached for gpt-4o-mini on tokens per min (TPM): Limit "
     "200000, Used 199950.', 'type': 'tokens', 'code': 'rate_limit_exceeded'}}"),
    ("llm_api_error", "LLMServerError", "INTERNAL_SERVER_ERROR: OpenAI API error: Error code: 500 - "
     "{'error': {'message': 'The server had an error while processing your request.'}}"),
    ("llm_api_error", "LLMTimeoutError", "TIMEOUT: Request to the model timed out after 600.0 seconds"),
    ("no_tool_call", "LLMError", "No tool calls found in response, model must make a tool call"),
    ("invalid_tool_call", "ValueError", "Tool lookup_orders not found in the agent's tools"),
    ("invalid_llm_response", "LLMJSONParsingError", "Failed to parse tool arguments: Expecting ',' "
     "delimiter: line 1 column 214 (char 213)"),
    ("max_tokens_exceeded", "LLMError", "The response was cut at 16384 tokens"),
    ("insufficient_credits", "LLMPermissionDeniedError", "You exceeded your current quota, please check "
     "your plan and billing details."),
    ("context_window_overflow_in_system_prompt", "ContextWindowExceededError", "The system prompt alone "
     "does not fit into the context window"),
    ("cancelled", "CancelledError", "Run was cancelled by the client"),
    ("error", "OperationalError", "could not connect to the tool sandbox: connection refused"),
)  # fmt: skip

TOOL_ERRORS = (
    "Error executing function lookup_order: TimeoutError: warehouse did not answer within 30 s",
    "Error executing function lookup_order: KeyError: 'shipments'",
    "Error executing function lookup_order: ConnectionError: [Errno 111] Connection refused",
)

TRACE_ERROR = """Error executing function lookup_order: ValueError: order not found
Traceback (most recent call last):
  File "/sandbox/tool_execution_dir/lookup_order.py", line 18, in lookup_order
    return call("lookup_order", order_id=order_id)
  File "/sandbox/shop_backend.py", line 41, in call
    raise ValueError("order not found")
ValueError: order not found"""


def some_failure(rng: Random) -> Failure:
    """Mostly the providers' fault, as in life."""
    return rng.choices(FAILURES, (30, 14, 8, 10, 6, 5, 3, 2, 2, 14, 4))[0]
