"""JSON as a Letta server writes it, nested and escaped, and the other formats data travels in."""

import csv
import io
import json
from urllib.parse import quote

from tests.masking_samples.carriers.stems import prose
from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value


def cased(chance: Chance, name: str) -> str:
    parts = name.lower().split("_")
    camel = parts[0] + "".join(p.title() for p in parts[1:])
    return chance.one(name, "_".join(parts), "-".join(parts), camel)


def record(chance: Chance, value: Value) -> dict[str, object]:
    return {
        "id": f"identity-{chance.uuid()}",
        "created_at": chance.iso() + "Z",
        cased(chance, value.name): value.text,
        "count": chance.randint(1, 900),
        "active": True,
    }


def json_object(chance: Chance, value: Value) -> str:
    return json.dumps(record(chance, value), indent=chance.choice([None, 2]))


def json_array(chance: Chance, value: Value) -> str:
    name = cased(chance, value.name)
    rows = [{name: value.text, "rank": 1}, {"rank": 2}]
    return json.dumps({"items": rows, "next": None}, ensure_ascii=False)


def tool_call(chance: Chance, value: Value) -> str:
    arguments = json.dumps({"label": "human", cased(chance, value.name): value.text})
    call = {"id": f"call_{chance.take('h', 24)}", "type": "function"}
    return json.dumps([call | {"function": {"name": "core_memory_append", "arguments": arguments}}])


def tool_return(chance: Chance, value: Value) -> str:
    inner = {"status": "OK", "message": json.dumps(record(chance, value)), "time": chance.iso()}
    return json.dumps(
        [{"tool_call_id": f"call_{chance.take('h', 24)}", "func_response": json.dumps(inner)}]
    )


def message_content(chance: Chance, value: Value) -> str:
    _, text = prose(chance, value)
    return json.dumps([{"type": "text", "text": text, "signature": None}])


def memory_block(chance: Chance, value: Value) -> str:
    _, text = prose(chance, value)
    return f"Name: Robin\nTier: gold\nLikes: long walks\n{text}\nTickets: {chance.randint(1, 30)}"


def csv_row(chance: Chance, value: Value) -> str:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=chance.one(",", ";"), lineterminator="\n")
    rows.writerow(["order", "placed", cased(chance, value.name), "total"])
    rows.writerow([f"A-{chance.take('d', 6)}", chance.iso()[:10], value.text, "19.90"])
    return out.getvalue()


def yaml(chance: Chance, value: Value) -> str:
    mark = chance.one("", '"', "'")
    return f"service:\n  name: shop\n  {cased(chance, value.name)}: {mark}{value.text}{mark}\n  retries: 3\n"


def compose(chance: Chance, value: Value) -> str:
    entry = chance.one(f"      - {value.name}={value.text}", f"      {value.name}: {value.text}")
    return f"services:\n  web:\n    image: shop:1.4.2\n    environment:\n{entry}\n"


def kubernetes(chance: Chance, value: Value) -> str:
    return f'        env:\n        - name: {value.name}\n          value: "{value.text}"\n        - name: PORT\n          value: "8080"\n'


def env_file(chance: Chance, value: Value) -> str:
    mark = chance.one("", '"')
    return f"# local\nDEBUG=1\n{chance.one('', 'export ')}{value.name}={mark}{value.text}{mark}\nPORT=8000\n"


def ini(chance: Chance, value: Value) -> str:
    return f"[service]\nurl = https://api.example.net\n{value.name.lower()} = {value.text}\ntimeout = 30\n"


def toml(chance: Chance, value: Value) -> str:
    return f'[tool.shop]\n{cased(chance, value.name)} = "{value.text}"\nworkers = 4\n'


def xml(chance: Chance, value: Value) -> str:
    name = value.name.lower()
    return f'<customer id="{chance.randint(1, 999)}"><{name}>{value.text}</{name}><vip>no</vip></customer>'


def query(chance: Chance, value: Value) -> str:
    name = cased(chance, value.name)
    return f"https://shop.example.net/find?page=2&{name}={quote(value.text, safe='@+:')}&sort=asc"


ONE_LINE = (
    json_object,
    json_array,
    tool_call,
    tool_return,
    csv_row,
    yaml,
    compose,
    kubernetes,
    env_file,
    ini,
    toml,
    xml,
)
ANYTHING = (json_object, json_array, tool_call, tool_return, csv_row)
