"""Source code, logs, shells, Markdown and pages."""

from tests.masking_samples.carriers.data import cased
from tests.masking_samples.carriers.stems import prose
from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value


def python(chance: Chance, value: Value) -> str:
    name = value.name.lower()
    return chance.one(
        f'{value.name} = "{value.text}"\n\n\ndef main() -> None:\n    run({value.name})\n',
        f"client = Client({name}='{value.text}', timeout=30)\n",
        f'settings = {{\n    "{name}": "{value.text}",\n    "debug": False,\n}}\n',
        f'    self.{name}: str = "{value.text}"  # set by hand\n',
    )


def javascript(chance: Chance, value: Value) -> str:
    name = cased(chance, value.name).replace("-", "_")
    return chance.one(
        f"const {name} = '{value.text}';\nexport default {name};\n",
        f"fetch(url, {{ {name}: `{value.text}`, retry: 3 }});\n",
        f'process.env.{value.name} = "{value.text}";\n',
    )


def other_code(chance: Chance, value: Value) -> str:
    return chance.one(
        f'private static final String {value.name} = "{value.text}";\n',
        f'{value.name.lower()} := "{value.text}"\n',
        f"INSERT INTO settings ({value.name.lower()}) VALUES ('{value.text}');\n",
        f'variable "{value.name.lower()}" {{\n  default = "{value.text}"\n}}\n',
        f'<?php define("{value.name}", "{value.text}");\n',
    )


def shell(chance: Chance, value: Value) -> str:
    return chance.one(
        f"$ export {value.name}={value.text}\n$ make deploy\n",
        f"docker run -e {value.name}={value.text} -p 8080:80 shop:1.4.2\n",
        f'$env:{value.name} = "{value.text}"\n',
        f"heroku config:set {value.name}={value.text} --app shop\n",
    )


def log(chance: Chance, value: Value) -> str:
    name = value.name.lower()
    stamp = chance.iso()
    return chance.one(
        f"{stamp}.123Z INFO  [worker-{chance.randint(1, 9)}] {name}={value.text} status=200 took=31ms",
        f"{stamp.replace('T', ' ')},042 WARNING app.views {name}: {value.text} (attempt 2 of 5)",
        f'level=error ts={stamp}Z msg="rejected" {name}="{value.text}" code=403',
        f"Nov 20 19:03:13 web-2 app[{chance.randint(100, 9999)}]: {name} {value.text} accepted"
        if value.alone
        else f"Nov 20 19:03:13 web-2 app[71]: {name}={value.text} accepted",
    )


def markdown(chance: Chance, value: Value) -> str:
    name = value.name.replace("_", " ").lower()
    return chance.one(
        f"## Setup\n\n- **{name}**: `{value.text}`\n- port: 8080\n",
        f"| field | value |\n| --- | --- |\n| {name} | {value.text} |\n",
        f"```\n{value.name}={value.text}\n```\n",
        f"1. {name}: {value.text}\n2. *then* restart\n",
    )


def html(chance: Chance, value: Value) -> str:
    name = value.name.lower()
    return chance.one(
        f'<li class="row"><b>{name}</b>: {value.text}</li>',
        f'<input type="hidden" name="{name}" value="{value.text}">',
        f"<td>{name}</td>\n<td>{value.text}</td>",
    )


def letter(chance: Chance, value: Value) -> str:
    """A message with a greeting, a signature and the value between."""
    _, text = prose(chance, value)
    return f"Hello,\n\n{text}\n\nBest wishes\nRobin\n\n> On Monday you wrote:\n> how are you?\n"


def bare(chance: Chance, value: Value) -> str:
    return chance.one("", "\n", "  ") + value.text + chance.one("", "\n", " ")


NAMED = (python, javascript, other_code, shell, log, markdown)
FREE = (letter, bare, html)
