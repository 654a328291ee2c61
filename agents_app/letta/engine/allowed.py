"""The functions that SQL sent to Letta's database may call: a list of what is known to only read.

Anything absent is refused, so a function that writes, waits, signals, locks, reads files or runs
text as SQL needs no mention here (`setval`, `pg_sleep`, `query_to_xml`, `ts_stat`, `dblink` …).
"""

# Words of the grammar and names of types that may stand before an opening parenthesis.
_GRAMMAR = """
    all and any array as between by case cast coalesce cube distinct else end except exists explain
    extract filter for from group grouping having ilike in intersect is join lateral like limit
    materialized not nulls offset on operator or order over partition rollup row rows select sets
    similar some tablesample then union using values when where window with within
    bit char character decimal double float halfvec interval numeric time timestamp timestamptz
    varchar varying vector
"""

_GENERAL = """
    abs age array_agg array_cat array_length array_lower array_ndims array_position array_positions
    array_remove array_to_json array_to_string array_upper ascii avg bernoulli bit_and bit_length
    bit_or bool_and bool_or btrim cardinality ceil ceiling char_length character_length chr
    clock_timestamp concat concat_ws convert_from convert_to count cume_dist date date_bin date_part
    date_trunc decode dense_rank div encode every exp first_value floor format generate_series
    generate_subscripts greatest initcap isfinite justify_days justify_hours justify_interval lag
    last_value lead least left length ln log lower ltrim make_date make_interval make_timestamp
    make_timestamptz max md5 min mod mode normalize now nth_value ntile nullif num_nonnulls num_nulls
    octet_length overlay percent_rank percentile_cont percentile_disc position power quote_ident
    random rank regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
    regexp_split_to_array regexp_split_to_table regexp_substr replace reverse right round row_number
    rtrim sha224 sha256 sha384 sha512 sign split_part sqrt starts_with statement_timestamp stddev
    stddev_pop stddev_samp string_agg string_to_array string_to_table strpos substr substring sum
    system text timezone to_char to_date to_number to_timestamp transaction_timestamp translate trim
    trunc unnest upper var_pop var_samp variance width_bucket
"""

_JSON = """
    json_agg json_array_elements json_array_elements_text json_array_length json_build_array
    json_build_object json_each json_each_text json_extract_path json_extract_path_text
    json_object_agg json_object_keys json_strip_nulls json_typeof jsonb_agg jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
    jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_object_agg jsonb_object_keys
    jsonb_path_exists jsonb_path_query jsonb_path_query_array jsonb_path_query_first
    jsonb_strip_nulls jsonb_typeof row_to_json to_json to_jsonb
"""

_CATALOGUE = """
    col_description current_catalog current_database current_query current_schema current_schemas
    current_setting current_user format_type has_any_column_privilege has_column_privilege
    has_database_privilege has_function_privilege has_language_privilege has_parameter_privilege
    has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege
    has_tablespace_privilege has_type_privilege aclexplode acldefault makeaclitem
    inet_server_addr inet_server_port obj_description pg_backend_pid
    pg_blocking_pids pg_char_to_encoding pg_column_compression pg_column_size pg_conf_load_time
    pg_database_size pg_encoding_to_char pg_function_is_visible pg_get_constraintdef pg_get_expr
    pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result
    pg_get_functiondef pg_get_indexdef pg_get_partkeydef pg_get_serial_sequence pg_get_userbyid
    pg_get_viewdef pg_has_role pg_indexes_size pg_is_in_recovery pg_is_other_temp_schema
    pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_options_to_table
    pg_postmaster_start_time pg_relation_size pg_safe_snapshot_blocking_pids pg_size_bytes
    pg_size_pretty pg_stat_get_last_analyze_time pg_table_is_visible pg_table_size
    pg_total_relation_size pg_type_is_visible pg_typeof row_security_active session_user shobj_description
    to_regclass to_regnamespace to_regoper to_regproc to_regprocedure to_regrole to_regtype
    version
"""

_VECTOR = """
    binary_quantize cosine_distance hamming_distance inner_product jaccard_distance l1_distance
    l2_distance l2_norm l2_normalize negative_inner_product subvector vector_dims vector_norm
"""

# Words that begin a statement which writes, locks or changes the session, wherever they stand bare.
_REFUSED = """
    alter analyse analyze call commit copy create deallocate declare delete discard do drop execute
    grant insert into listen lock merge notify prepare reassign refresh reindex reset revoke
    rollback savepoint set truncate unlisten update vacuum
"""

GRAMMAR = frozenset(_GRAMMAR.split())
FUNCTIONS = frozenset(f"{_GENERAL} {_JSON} {_CATALOGUE} {_VECTOR}".split())
REFUSED_WORDS = frozenset(_REFUSED.split())
