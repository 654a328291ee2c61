"""The printed list of formats that are taken for secrets: keys, tokens, private keys, passwords in addresses.

A format is looked for only where one of its hints stands, so that a text without any costs little.
Lengths and alphabets are those that the issuers write or that their keys have; behind a prefix that
nothing else has a rule is rather too wide than too narrow. No rule crosses a line's end; private keys
of several lines are found by `keyblocks`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from agents_app.text.masking.kinds import Found, Kind

NEAR: Final = 80
_PLACEHOLDER: Final = re.compile(
    r"(?:[a-z]{2,8}[-_]){0,3}(?:(?i:your)[-_]\w[\w-]*|[xX]{6,}|\*{4,}|\.{3,})"
)


@dataclass(frozen=True, slots=True)
class SecretFormat:
    """One format; the group that a match has is the secret, without one all of it.

    With `offset` the pattern is matched so many characters before a hint; without one it is searched
    for in the whole line. With `near` it counts only where that stands within 80 characters before it.
    """

    name: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    offset: int | None = None
    near: re.Pattern[str] | None = None

    def find(self, line: str) -> Iterator[Found]:
        """Where it stands in a line; what stands inside an earlier find of the same format is left out."""
        for match in self._at_hints(line) if self.offset is not None else self._anywhere(line):
            start, group = match.start(), match.lastindex or 0
            if _PLACEHOLDER.fullmatch(match[group]):
                continue
            if self.near is None or self.near.search(line[max(0, start - NEAR) : start]):
                yield Found(match.start(group), match.end(group), Kind.SECRET, self.name)

    def _anywhere(self, line: str) -> Iterator[re.Match[str]]:
        if any(hint in line for hint in self.hints):
            yield from self.pattern.finditer(line)

    def _at_hints(self, line: str) -> Iterator[re.Match[str]]:
        before = self.offset or 0
        for hint in self.hints:
            at = line.find(hint)
            while at >= 0:
                match = self.pattern.match(line, at - before) if at >= before else None
                if match:
                    yield match
                at = line.find(hint, max(match.end(), at + 1) if match else at + 1)


def _prefixed(name: str, pattern: str, *hints: str) -> SecretFormat:
    """A token that begins with its issuer's own prefix and stands alone."""
    whole = re.compile(rf"(?<![A-Za-z0-9_])(?:{pattern})(?![A-Za-z0-9_])")
    return SecretFormat(name, hints, whole, offset=0)


def _within(name: str, pattern: str, offset: int, *hints: str) -> SecretFormat:
    """A token whose telling part stands so many characters after its beginning."""
    return SecretFormat(name, hints, re.compile(pattern), offset=offset)


def _anywhere(name: str, pattern: str, *hints: str) -> SecretFormat:
    return SecretFormat(name, hints, re.compile(pattern))


def _named(name: str, pattern: str, near: str, *hints: str) -> SecretFormat:
    """What has no form of its own, beside a word that says whose it is."""
    return SecretFormat(name, hints, re.compile(pattern), near=re.compile(near, re.IGNORECASE))


_B64: Final = "A-Za-z0-9+/"
_URL: Final = r"A-Za-z0-9_\-"
_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MIXED: Final = rf"(?=[{_B64}]{{0,39}}\d)(?=[{_B64}]{{0,39}}[a-z])(?=[{_B64}]{{0,39}}[A-Z])"

KEY_BLOCK: Final = "private key (PEM, OpenSSH, PGP)"
PUTTY: Final = "PuTTY private key"

FORMATS: Final[tuple[SecretFormat, ...]] = (
    _anywhere(KEY_BLOCK, r"-----? ?BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)? ?-----?", "PRIVATE KEY"),
    _anywhere(PUTTY, r"Private-Lines: \d+", "Private-Lines:"),
    _prefixed("age secret key", r"AGE-SECRET-KEY-1[0-9A-Z]{50,70}", "AGE-SECRET-KEY-1"),
    _within("address with a password", r"://[^\s/:@\"'<>]{0,200}:(?!\$[{(A-Z]|\{\{|%\(|(?:PASSWORD|PASSWD|PASS|PWD|SECRET|YOUR[\w-]{0,30}|[xX]{4,}|\*{3,})@)([^\s/\"'<>]{1,300})@", 0, "://"),
    _within("JSON Web Token", rf"(?<![{_URL}])ey[JI][{_URL}]{{8,}}+\.[{_URL}]{{8,}}+(?:\.[{_URL}]*+)*+", 0, "eyJ", "eyI"),
    _prefixed("AWS access key id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", "AKIA", "ASIA", "ABIA", "ACCA"),
    _named("AWS secret access key", rf"(?<![{_B64}=]){_MIXED}[{_B64}]{{40}}(?![{_B64}=])|(?<==){_MIXED}[{_B64}]{{40}}(?![{_B64}=])", r"aws|secret|access.?key|(?:AKIA|ASIA)[A-Z2-7]{16}", "AKIA", "ASIA", "aws", "AWS", "Aws", "ecret", "ECRET", "ccess", "CCESS"),
    _within("AWS presigned address", r"X-Amz-(?:Signature|Security-Token)=([^&\s\"'<>]{16,})", 0, "X-Amz-Sig", "X-Amz-Sec"),
    _prefixed("Amazon Bedrock API key", r"ABSK[A-Za-z0-9+/]{60,}+={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{40,}+", "ABSK", "bedrock-api-key-"),
    _prefixed("Google API key", rf"AIza[{_URL}]{{35}}", "AIza"),
    _prefixed("Google OAuth access token", rf"ya29\.[{_URL}.]{{20,}}+", "ya29."),
    _prefixed("Google OAuth refresh token", rf"1//0[{_URL}]{{30,}}+", "1//0"),
    _prefixed("Google OAuth client secret", rf"GOCSPX-[{_URL}]{{20,40}}", "GOCSPX-"),
    _anywhere("Azure storage account key", rf"(?i:AccountKey=)([{_B64}]{{40,100}}+={{0,2}})", "AccountKey", "accountkey", "ACCOUNTKEY"),
    _anywhere("Azure shared access signature", r"(?<=[?&;])sig=([A-Za-z0-9%+/=_-]{30,120})", "sig="),
    _anywhere("Azure shared access key", rf"(?i:SharedAccessKey=)([{_B64}]{{40,100}}+={{0,2}})", "SharedAccessKey=", "sharedaccesskey="),
    _within("Azure client secret", r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])", 4, "Q~"),
    _within("Azure DevOps token", r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])", 76, "AZDO"),
    _prefixed("GitHub token", r"gh[pousr]_[A-Za-z0-9]{30,}+|github_pat_[A-Za-z0-9_]{22,}+", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    _prefixed(
        "GitLab token", rf"gl(?:pat|dt|rt|cbt|ptt|soat|ft|imt|agent|oas|ffct|wt)-[{_URL}.]{{20,}}+",
        "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glsoat-", "glft-", "glimt-", "glagent-", "gloas-", "glffct-", "glwt-"),
    _prefixed("Bitbucket token", rf"ATBB[A-Za-z0-9]{{28,40}}|ATCTT3[{_URL}=]{{50,}}+", "ATBB", "ATCTT3"),
    _prefixed("Atlassian token", rf"ATATT3[{_URL}=]{{50,}}+", "ATATT3"),
    _prefixed("Slack token", r"xox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9%_/+=-]{10,}+|xapp-\d-[A-Za-z0-9-]{10,}+", "xox", "xapp-"),
    _within("Slack webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/+]{20,}+", 0, "hooks.slack.com/"),
    _within("Microsoft Teams webhook", r"webhook\.office\.com/webhookb2/[A-Za-z0-9@/-]{40,}+", 0, "webhook.office.com/"),
    _within("Discord webhook", rf"/api/webhooks/\d{{5,25}}/[{_URL}]{{20,}}+", 0, "/api/webhooks/"),
    _anywhere("Discord bot token", rf"(?<![{_URL}.])[MNO][A-Za-z\d]{{22,27}}\.[{_URL}]{{6}}\.[{_URL}]{{27,45}}(?![{_URL}])", "."),
    _anywhere("Telegram bot token", rf"(?:(?<![A-Za-z0-9_])|(?<=/bot))\d{{8,10}}:A[{_URL}]{{34}}(?![{_URL}])", ":A"),
    _prefixed("Anthropic API key", rf"sk-ant-[{_URL}]{{20,}}+", "sk-ant-"),
    _prefixed("OpenAI, Letta or other sk- key", rf"(?:sk|pk|rk)-(?=[{_URL}]{{0,60}}\d)[{_URL}]{{16,}}+|sk-[a-z]{{40,60}}", "sk-", "pk-", "rk-"),
    _prefixed("Hugging Face token", r"(?:hf|api_org)_[A-Za-z0-9]{30,60}", "hf_", "api_org_"),
    _prefixed("Groq API key", r"gsk_[A-Za-z0-9]{40,60}", "gsk_"),
    _prefixed("xAI API key", r"xai-[A-Za-z0-9]{60,}+", "xai-"),
    _prefixed("Perplexity API key", r"pplx-[A-Za-z0-9]{40,60}", "pplx-"),
    _prefixed("Replicate token", r"r8_[A-Za-z0-9]{30,45}", "r8_"),
    _prefixed("Fireworks AI key", r"fw_[A-Za-z0-9]{22,40}", "fw_"),
    _prefixed("Tavily or E2B key", r"tvly-[A-Za-z0-9-]{20,60}|e2b_[a-f0-9]{40}", "tvly-", "e2b_"),
    _prefixed("Firecrawl or Exa key", r"fc-[0-9a-f]{32}|exa_[A-Za-z0-9]{20,60}", "fc-", "exa_"),
    _prefixed("Stripe key", r"[spr]k_(?:live|test)_[A-Za-z0-9]{10,}+|whsec_[A-Za-z0-9+/=]{24,}+", "sk_live_", "pk_live_", "rk_live_", "sk_test_", "pk_test_", "rk_test_", "whsec_"),
    _prefixed("Square token", rf"sq0[a-z]{{3}}-[{_URL}]{{22,60}}|EAAA[{_URL}]{{60}}", "sq0", "EAAA"),
    _prefixed("PayPal or Braintree token", r"access_token\$(?:production|sandbox)\$[0-9a-z]{10,20}\$[0-9a-f]{32}", "access_token$"),
    _prefixed("Plaid token", rf"(?:access|link|public)-(?:sandbox|development|production)-{_UUID}", "access-", "link-", "public-"),
    _prefixed("Adyen key", r"AQE[A-Za-z][A-Za-z0-9+/=-]{60,}+", "AQE"),
    _prefixed("Twilio key", r"SK[0-9a-f]{32}", "SK"),
    _named("Twilio token", r"(?<![0-9a-zA-Z])[0-9a-f]{32}(?![0-9a-zA-Z])", r"twilio|auth.?token", "wilio", "WILIO", "oken", "OKEN"),
    _prefixed("SendGrid key", rf"SG\.[{_URL}]{{16,32}}\.[{_URL}]{{30,64}}", "SG."),
    _prefixed("Mailgun key", r"key-[0-9a-f]{32}", "key-"),
    _within("Mailgun key", r"(?<![0-9a-zA-Z])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9a-zA-Z-])", 32, "-"),
    _within("Mailchimp key", r"(?<![0-9a-zA-Z])[0-9a-f]{32}-us\d{1,2}(?![0-9a-zA-Z])", 32, "-us"),
    _prefixed("Postmark, Resend or Loops key", r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,30}", "re_"),
    _prefixed("Brevo key", r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}|xsmtpsib-[0-9a-f]{64}-[A-Za-z0-9]{16}", "xkeysib-", "xsmtpsib-"),
    _prefixed("npm token", r"npm_[A-Za-z0-9]{36}", "npm_"),
    _prefixed("PyPI token", rf"pypi-[{_URL}]{{50,}}+", "pypi-"),
    _prefixed("RubyGems key", r"rubygems_[0-9a-f]{48}", "rubygems_"),
    _prefixed("crates.io token", r"cio[A-Za-z0-9]{32}", "cio"),
    _prefixed("NuGet key", r"oy2[a-z0-9]{43}", "oy2"),
    _prefixed("Docker token", rf"dckr_(?:pat|oat)_[{_URL}]{{20,60}}", "dckr_"),
    _prefixed("DigitalOcean token", r"do[opr]_v1_[0-9a-f]{64}", "doo_v1_", "dop_v1_", "dor_v1_"),
    _prefixed("Heroku key", rf"HRKU-[{_URL}]{{36,80}}", "HRKU-"),
    _named("Heroku key", rf"(?<![0-9a-zA-Z-]){_UUID}(?![0-9a-zA-Z-])", r"heroku.{0,20}(?:key|token)", "eroku", "EROKU"),
    _prefixed("Fly.io token", rf"fo1_[{_URL}]{{40,60}}|fm[12][a-z]?_[A-Za-z0-9+/=,]{{50,}}+", "fo1_", "fm1_", "fm2_", "fm1r_", "fm1a_"),
    _prefixed("Netlify token", r"nf[pcou]_[A-Za-z0-9]{36,44}", "nfp_", "nfc_", "nfo_", "nfu_"),
    _prefixed("Vercel token", r"vc[pirak]_[A-Za-z0-9]{24,80}", "vcp_", "vci_", "vcr_", "vca_", "vck_"),
    _named("Cloudflare token", rf"(?<![{_URL}])(?=[{_URL}]{{0,39}}\d)[{_URL}]{{40}}(?![{_URL}])|(?<![0-9a-zA-Z])[0-9a-f]{{37}}(?![0-9a-zA-Z])", r"cloudflare|cf.?(?:api|token)", "loudflare", "LOUDFLARE", "CF_", "cf_"),
    _prefixed("Cloudflare Origin CA key", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}+", "v1.0-"),
    _prefixed("Shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shpat_", "shpca_", "shppa_", "shpss_"),
    _prefixed("HubSpot token", rf"pat-(?:na|eu|ap)\d-{_UUID}", "pat-"),
    _prefixed("Linear key", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}", "lin_api_", "lin_oauth_"),
    _prefixed("Notion token", r"(?:ntn|secret)_[A-Za-z0-9]{40,50}", "ntn_", "secret_"),
    _prefixed("Airtable token", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}", "pat"),
    _prefixed("Airtable key of old", r"key(?=[A-Za-z]{0,13}\d)(?=[a-z0-9]{0,13}[A-Z])[A-Za-z0-9]{14}", "key"),
    _prefixed("Figma token", rf"fig[dor]_[{_URL}]{{30,60}}", "figd_", "figo_", "figr_"),
    _prefixed("ClickUp or Asana token", r"pk_\d{5,10}_[A-Z0-9]{32}|[0-2]/\d{10,20}(?:/\d{10,20})?:[0-9a-f]{32}", "pk_", "0/", "1/", "2/"),
    _prefixed("Databricks token", r"dapi[0-9a-f]{32}(?:-\d)?", "dapi"),
    _prefixed("Snowflake, Prefect or Dagster token", r"pn[ub]_[A-Za-z0-9]{36}|ver:1-hint:[A-Za-z0-9:=+/-]{30,}+", "pnu_", "pnb_", "ver:1-hint:"),
    _prefixed("Grafana token", r"glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/=]{32,}+", "glsa_", "glc_"),
    _prefixed("New Relic key", r"NR(?:AK|AA|RA|JS|II|BR)-[A-Za-z0-9]{19,40}|NRI[IQ]-[A-Za-z0-9_-]{25,40}", "NRAK-", "NRAA-", "NRRA-", "NRJS-", "NRII-", "NRBR-", "NRIQ-"),
    _named("Datadog key", r"(?<![0-9a-zA-Z])(?:[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-zA-Z])", r"datadog|dd.(?:api|app|application).?key", "atadog", "ATADOG", "DD_", "DD-", "dd_"),
    _prefixed("Sentry token", r"sntry[su]_[A-Za-z0-9_+/=]{40,}+", "sntrys_", "sntryu_"),
    _within("Sentry address with a key", r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]{1,80}/\d{1,20}", 0, "https://", "http://"),
    _prefixed("PostHog key", r"ph[cx]_[A-Za-z0-9]{40,50}", "phc_", "phx_"),
    _prefixed("Langfuse key", rf"[sp]k-lf-{_UUID}", "sk-lf-", "pk-lf-"),
    _prefixed("LangSmith key", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{8,12}", "lsv2_"),
    _prefixed("Supabase token", r"sbp_[0-9a-f]{40}|sb_(?:secret|publishable)_[A-Za-z0-9_-]{20,60}", "sbp_", "sb_secret_", "sb_publishable_"),
    _prefixed("PlanetScale password", rf"pscale_(?:pw|tkn|oauth)_[{_URL}.=]{{32,64}}", "pscale_"),
    _prefixed("Pinecone key", r"pcsk_[A-Za-z0-9_]{40,90}", "pcsk_"),
    _named("Pinecone, Exa, Postmark or other key that is a UUID", rf"(?<![0-9a-zA-Z-]){_UUID}(?![0-9a-zA-Z-])", r"(?:pinecone|\bexa\b|postmark|scaleway|geniekey|opsgenie|mailjet|cohere|unkey|vapi|deepl|e2b|courier).{0,24}$", "inecone", "INECONE", "xa", "XA", "ostmark", "OSTMARK", "caleway", "CALEWAY", "enieKey", "psgenie", "OPSGENIE", "ohere", "eepl", "eepL", "DEEPL", "api", "API", "ourier"),
    _prefixed("Vault token", rf"hv[sbr]\.[{_URL}]{{24,}}+|s\.[A-Za-z0-9]{{24}}(?![.-])", "hvs.", "hvb.", "hvr.", "s."),
    _within("Terraform Cloud token", rf"(?<![A-Za-z0-9_])[A-Za-z0-9]{{14}}\.atlasv1\.[{_URL}]{{60,70}}(?![{_URL}])", 14, ".atlasv1."),
    _prefixed("Pulumi token", r"pul-[0-9a-f]{40}", "pul-"),
    _prefixed("Doppler token", r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}", "dp."),
    _prefixed("1Password token", rf"ops_eyJ[{_URL}+/=.]{{50,}}+", "ops_eyJ"),
    _prefixed("Tailscale key", r"tskey-[a-z]+-[A-Za-z0-9]{6,30}(?:-[A-Za-z0-9]{16,60})?", "tskey-"),
    _prefixed("Buildkite token", r"bk[a-z]{1,2}_[0-9a-f]{40}", "bkua_", "bkaa_", "bkpt_", "bkct_"),
    _prefixed("CircleCI token", r"CCIPAT_[A-Za-z0-9]{16,30}_[0-9a-f]{40}", "CCIPAT_"),
    _prefixed("JFrog token", r"AKCp[A-Za-z0-9]{10,80}|cmVmdGtu[A-Za-z0-9+/=]{20,}+", "AKCp", "cmVmdGtu"),
    _prefixed("Postman key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}", "PMAK-"),
    _prefixed("Contentful token", rf"CFPAT-[{_URL}]{{43,60}}", "CFPAT-"),
    _anywhere("Facebook app token", r"(?<![\w|])\d{13,17}\|[\w-]{27}(?![\w-])", "|"),
    _prefixed("Facebook token", r"EAA[A-Za-z0-9]{80,}+", "EAA"),
    _prefixed("Dropbox token", rf"sl\.(?:u\.)?[{_URL}]{{100,}}+", "sl."),
    _prefixed("Mapbox secret token", rf"[sp]k\.eyJ[{_URL}]{{20,}}+\.[{_URL}]{{20,40}}", "sk.eyJ", "pk.eyJ"),
    _named("Okta token", rf"(?<![{_URL}])00[{_URL}]{{40}}(?![{_URL}])", r"okta|ssws", "kta", "KTA", "SSWS"),
    _prefixed("Letta API key", r"sk-let-[A-Za-z0-9+/=_-]{20,}+", "sk-let-"),
    _prefixed("Alibaba Cloud access key id", r"LTAI[A-Za-z0-9]{12,24}", "LTAI"),
    _prefixed("Tencent Cloud secret id", r"AKID[A-Za-z0-9]{13,40}", "AKID"),
    _prefixed("Amazon MWS token", rf"amzn\.mws\.{_UUID}", "amzn.mws."),
    _anywhere("key of an Azure function", r"[?&]code=([A-Za-z0-9_-]{40,}={1,2})", "code="),
    _anywhere("private part of a JSON Web Key", r"\"(?:d|k)\"\s?:\s?\"([A-Za-z0-9_-]{40,700})\"", "\"d\"", "\"k\""),
    _anywhere("private key in base64", r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,40}(?:UFJJVkFURSBLRVk|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW)[A-Za-z0-9+/=]{0,8000}", "LS0tLS1CRUdJTi"),
    _prefixed("Salesforce session", r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._~]{40,200}", "00D"),
    _prefixed("LinkedIn secret", r"WPL_AP1\.[A-Za-z0-9.=_-]{16,80}", "WPL_AP1."),
    _prefixed("WooCommerce key", r"c[ks]_[0-9a-f]{40}", "ck_", "cs_"),
    _prefixed("Firebase Cloud Messaging key", rf"AAAA[{_URL}]{{7}}:[{_URL}]{{100,200}}", "AAAA"),
    _anywhere("RapidAPI key", r"(?<![0-9a-z])[0-9a-f]{9,10}msh[0-9a-f]{14,16}p1[0-9a-f]{6}jsn[0-9a-f]{12}(?![0-9a-z])", "msh"),
    _anywhere("Twitter access token", r"(?<![A-Za-z0-9_])[1-9]\d{14,19}-[A-Za-z0-9]{30,45}(?![A-Za-z0-9_])", "-"),
    _anywhere("password of keytool", r"\s-(?:store|key|src|dest)(?:store)?pass(?:wd)?[ =]['\"]?([^\s'\"]{4,200})", "pass"),
    _anywhere("application password", r"(?i:application pass\w{2,8}\b[^\n]{0,20}?[:=\s]['\"]?)([A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){5})(?![A-Za-z0-9])", "pplication pass"),
    _anywhere("name and password", r"(?i:\b(?:login|user(?:name)?|benutzer)\s?[/|,&+]\s?(?:password|passwort|pass|pw|pwd)\b\s?[:=]?\s)[\w.@+-]{1,60}\s?[/|,:]\s?(\S{6,100})", "ogin", "ser", "OGIN", "SER", "enutzer"),
    _prefixed("Brave Search key", rf"BSA[{_URL}]{{27,29}}", "BSA"),
    _anywhere("New Relic license key", r"(?<![0-9A-Za-z])(?:[a-z]{2}\d\dx{1,2})?[0-9a-f]{20,40}(?:F{3,4})?NRAL(?![0-9A-Za-z])", "NRAL"),
    _prefixed("Riot Games key", rf"RGAPI-{_UUID}", "RGAPI-"),
    _within("Ably key", rf"(?<![{_URL}])[{_URL}]{{6}}\.[{_URL}]{{6}}:[{_URL}]{{36,50}}(?![{_URL}])", 6, "."),
    _prefixed("Intercom token", r"dG9rO[A-Za-z0-9+/]{40,}+={0,2}", "dG9rO"),
    _prefixed("Adafruit IO key", r"aio_[A-Za-z0-9]{28}", "aio_"),
    _anywhere("address of a chain's node with its key", r"(?:infura\.io/(?:ws/)?v3|alchemy(?:api)?\.(?:com|io)/v2|quiknode\.pro|ankr\.com/\w{1,40})/([A-Za-z0-9_-]{32,64})", "infura.io/", "alchemy", "quiknode.pro/", "ankr.com/"),
    _anywhere("webhook of Feishu, DingTalk or WeCom", r"(?:(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/|dingtalk\.com/robot/send\?access_token=|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=)([\w-]{20,80})", "/bot/v2/hook/", "dingtalk.com/", "qyapi.weixin"),
    _anywhere("Django secret key", r"(django-insecure-[^\s'\"<>]{20,80})", "django-insecure-"),
    _prefixed("Laravel key", r"base64:[A-Za-z0-9+/]{43}=", "base64:"),
    _within("Ghost key", r"(?<![0-9a-zA-Z])[0-9a-f]{24}:[0-9a-f]{64}(?![0-9a-zA-Z])", 24, ":"),
    _within("Zhipu key", r"(?<![0-9a-zA-Z])[0-9a-f]{32}\.[A-Za-z0-9]{16}(?![0-9a-zA-Z])", 32, "."),
    _anywhere("Azure AI services key", r"(?<![A-Za-z0-9])[A-Za-z0-9]{40,60}JQQJ99[A-Za-z0-9]{16,40}(?![A-Za-z0-9])", "JQQJ99"),
    _named("Azure DevOps token of old", r"(?<![a-z0-9])[a-z2-7]{52}(?![a-z0-9])", r"devops|\bpat\b|azure|vsts|_pat", "evOps", "evops", "EVOPS", "PAT", "pat", "zure", "AZURE", "vsts"),
    _prefixed("Twitch token", r"oauth:[a-z0-9]{30}", "oauth:"),
    _prefixed("Modal token", r"a[ks]-[A-Za-z0-9]{22}", "ak-", "as-"),
    _prefixed("Trello token", r"ATTA[A-Za-z0-9]{60,80}", "ATTA"),
    _prefixed("Infisical token", r"st\.[0-9a-f-]{16,40}\.[0-9a-f]{24,}\.[0-9a-f]{16,}", "st."),
    _prefixed("Cal.com or Browserbase key", r"(?:cal|bb)_(?:live|test)_[A-Za-z0-9_-]{20,60}", "cal_live_", "cal_test_", "bb_live_", "bb_test_"),
    _prefixed("Vercel Blob token", r"vercel_blob_rw_[A-Za-z0-9]{10,24}_[A-Za-z0-9]{20,50}", "vercel_blob_rw_"),
    _prefixed("RunPod key", r"rpa_[A-Za-z0-9]{30,60}", "rpa_"),
    _prefixed("Mem0 key", r"m0-[A-Za-z0-9]{36,48}", "m0-"),
    _prefixed("dbt Cloud token", rf"dbt[cu]_[{_URL}]{{30,60}}", "dbtc_", "dbtu_"),
    _prefixed("Mandrill key", r"md-[A-Za-z0-9_-]{22}", "md-"),
    _named("ngrok token", r"(?<![A-Za-z0-9_])[12][A-Za-z0-9]{26}_[A-Za-z0-9]{20,22}(?![A-Za-z0-9_])", r"ngrok", "ngrok", "NGROK", "Ngrok"),
    _prefixed("extended private key of a wallet", r"[xyztuvYZ]prv[1-9A-HJ-NP-Za-km-z]{60,112}", "xprv", "yprv", "zprv", "tprv", "uprv", "vprv", "Yprv", "Zprv"),
    _prefixed("Yandex Cloud key", rf"AQVN[{_URL}]{{30,45}}|t1\.[{_URL}]{{5,}}+={{0,2}}\.[{_URL}]{{80,90}}={{0,2}}|y[0-3]_[{_URL}]{{50,60}}", "AQVN", "t1.", "y0_", "y1_", "y2_", "y3_"),
    _prefixed("Scaleway, Aiven or Render key", rf"SCW[A-Z0-9]{{17}}|AVNS_[{_URL}]{{19}}|rnd_[A-Za-z0-9]{{28,40}}", "SCW", "AVNS_", "rnd_"),
    _prefixed("Infracost or Neon key", r"ico-[A-Za-z0-9]{32}|napi_[a-z0-9]{48,80}", "ico-", "napi_"),
    _prefixed("NVIDIA API key", rf"nvapi-[{_URL}]{{40,90}}", "nvapi-"),
    _prefixed("ElevenLabs key", r"sk_[0-9a-f]{40,64}", "sk_"),
    _prefixed("Cerebras key", r"csk-[a-z0-9]{40,60}", "csk-"),
    _prefixed("Jina or Voyage key", rf"jina_[A-Za-z0-9_-]{{40,70}}|pa-[{_URL}]{{40,50}}", "jina_", "pa-"),
    _prefixed("GitLab runner registration token", rf"GR1348941[{_URL}]{{20}}", "GR1348941"),
    _prefixed("Clojars token", r"CLOJARS_[a-z0-9]{60}", "CLOJARS_"),
    _prefixed("Sonar token", r"sq[uap]_[0-9a-f]{40}", "squ_", "sqa_", "sqp_"),
    _prefixed("Octopus Deploy key", r"API-[A-Z0-9]{25,28}", "API-"),
    _prefixed("1Password secret key", r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}", "A3-"),
    _prefixed("LaunchDarkly key", rf"(?:sdk|mob|api)-{_UUID}", "sdk-", "mob-", "api-"),
    _prefixed("Razorpay key", r"rzp_(?:live|test)_[A-Za-z0-9]{14,24}", "rzp_"),
    _prefixed("Flutterwave key", r"FLW(?:SECK|PUBK)(?:_TEST)?-[A-Za-z0-9]{12,32}(?:-X)?", "FLWSECK", "FLWPUBK"),
    _prefixed("Dynatrace token", r"dt0[a-z]\d\d\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}", "dt0"),
    _prefixed("Honeycomb or Axiom key", rf"hc[a-z]ik_[a-z0-9]{{50,60}}|xa[ap]t-{_UUID}", "hcaik_", "hcxik_", "xaat-", "xapt-"),
    _prefixed("Typeform token", rf"tfp_[{_URL}.=]{{40,70}}", "tfp_"),
    _prefixed("Shippo, Duffel or Lob key", rf"(?:shippo|duffel)_(?:live|test)_[{_URL}=]{{40,50}}|(?:live|test)_(?:pub_)?[a-f0-9]{{31,35}}", "shippo_", "duffel_", "live_", "test_"),
    _prefixed("EasyPost key", r"EZ[AT]K[A-Za-z0-9]{54}", "EZAK", "EZTK"),
    _within("MaxMind license key", r"(?<![A-Za-z0-9_])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk", 36, "_mmk"),
    _prefixed("Scalingo token", rf"tk-us-[{_URL}]{{48}}", "tk-us-"),
    _prefixed("Sourcegraph token", r"sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}|slk_[a-f0-9]{64}", "sgp_", "slk_"),
    _prefixed("ReadMe key", r"rdme_[a-z0-9]{60,80}", "rdme_"),
    _prefixed("Adobe secret", r"p8e-[A-Za-z0-9_-]{32}", "p8e-"),
    _prefixed("Frame.io token", rf"fio-u-[{_URL}=]{{60,70}}", "fio-u-"),
    _prefixed("Harness token", rf"[ps]at\.[{_URL}]{{22}}\.[0-9a-zA-Z]{{24}}\.[A-Za-z0-9]{{20}}", "pat.", "sat."),
    _prefixed("OpenShift token", rf"sha256~[{_URL}]{{43}}", "sha256~"),
    _prefixed("ClickHouse Cloud key", r"4b1d[A-Za-z0-9]{38}", "4b1d"),
    _prefixed("Defined Networking key", r"dnkey-[A-Z0-9=_-]{26}-[A-Z0-9=_-]{52}", "dnkey-"),
    _prefixed("Deno Deploy token", r"dd[pow]_[A-Za-z0-9]{36,44}", "ddp_", "ddo_", "ddw_"),
    _prefixed("MailerSend or OneSignal key", r"mlsn\.[a-f0-9]{64}|os_v2_(?:app|org)_[a-z0-9]{90,110}", "mlsn.", "os_v2_"),
    _prefixed("Grafana key of old", r"eyJrIjoi[A-Za-z0-9+/=]{60,400}", "eyJrIjoi"),
    _anywhere("Twitter bearer token", r"(?<!A)A{20,24}[A-Za-z0-9%+/=]{50,130}", "AAAAAAAAAAAAAAAAAAAA"),
    _anywhere(
        "webhook of Zapier, Make, IFTTT, Google Chat or Mattermost",
        r"hooks\.zapier\.com/hooks/catch/\d{3,12}/(\w{5,40})|hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/(\w{16,64})"
        r"|maker\.ifttt\.com/\S{1,100}/with/key/([\w-]{10,64})|chat\.googleapis\.com/v1/spaces/[\w-]{1,40}/messages\?(key=[^\s\"'<>]{20,300})|/hooks/([a-z0-9]{26})(?!\w)",
        "hooks.zapier.com", "hook.", "maker.ifttt.com", "chat.googleapis.com", "/hooks/"),
    _anywhere(
        "token with a prefix",
        r"(?<![A-Za-z0-9_/.-])(?<!sha256=)(?<!sha384=)(?<!sha512=)[a-z][a-z0-9]{1,11}(?:_[a-z0-9]{1,10}){0,2}_(?=[A-Za-z]{0,60}\d)(?=[a-z0-9]{0,60}[A-Z])(?=[A-Z0-9]{0,60}[a-z])[A-Za-z0-9]{30,}+(?![\w/])", "_"),
    _anywhere("signature of a request", r"\b[Ss]ignature=([0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)", "ignature="),
    _anywhere("password on a database's command line", r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,200}?\s-p(?!\s)['\"]?([^\s'\"]{3,100})", " -p"),
    _anywhere(
        "password on a command line",
        r"\b(?:sshpass|docker\s+login|podman\s+login|buildah\s+login|oc\s+login|helm|redis-cli|smbclient|unzip|7z|zip|az\s+login)\b[^\n|;]{0,200}?\s(?:-p[ =]?|-a[ =]?|-P[ =]?|--pass(?:word)?[ =])['\"]?([^\s'\"-][^\s'\"]{2,100})",
        " -p", " -a", " -P", " --pass"),
    _anywhere("password in a command's pipe", r"\becho\s(?:-n\s)?['\"]?(?:[\w.-]{1,64}:)?([^\s'\"|]{3,200})['\"]?\s?\|\s?(?:sudo\s)?(?:chpasswd\b|[^\n|]{0,200}(?:--password-stdin|--with-token))", "chpasswd", "--password-stdin", "--with-token"),
    _anywhere("password of net use", r"(?i:\bnet\s{1,2}use\b[\s\S]{0,200}?/user:[^\s]{1,100}\s{1,3})([^\s/]\S{3,100})", "/user:", "/USER:"),
    _anywhere("password of a wireless network's code", r"WIFI:(?:[TSHI]:[^;\n]{0,64};){0,4}P:([^;\n]{4,64});", "WIFI:"),
    _anywhere("value of a password's field", r"(?i:\btype=['\"]?password['\"]?[^<>\n]{0,200}?\svalue=['\"])([^'\"\n]{3,200})", "assword", "ASSWORD"),
    _anywhere("app password", r"(?i:\bapp(?:lication)?[ _-]?(?:specific[ -])?(?:passwor[dt]|पासवर्ड|пароль)[^\n]{0,20}?[:=\s]['\"]?)([a-z]{4}(?:[ -][a-z]{4}){3}|(?=[A-Za-z ]{0,28}\d)[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){5})(?![A-Za-z0-9])", "pp", "PP"),
    _anywhere("recovery phrase of a wallet", r"(?i:(?<![^\W_])(?:seed|recovery|mnemonic|backup|secret|wallet|semilla|wiederherstellungs|сид|seed-?phrase|мнемоническая|助记词|シードフレーズ)(?![^\W_])[^\n]{0,40}?[:=：]\s?['\"]?)([a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23})(?![a-z])", "eed", "ecovery", "nemonic", "ackup", "ecret", "allet", "SEED", "MNEMONIC", "emilla", "iederherstellungs", "сид", "Сид", "немонич", "助记词", "シードフレーズ"),
    _anywhere("response of Digest authentication", r"\bresponse=\"?([0-9a-f]{32,64})(?![0-9a-f])", "response="),
    _anywhere("credentials of a name", r"(?i:\bcred(?:ential)?s?\b)\s?[:=]?\s?[\w.@-]{1,60}[:/]((?=[^\s\"']{0,40}\d)[^\s\"']{6,100})", "cred", "Cred", "CRED"),
    _anywhere("password of a Go data source", r"(?<![\w:/])[\w.-]{1,60}:([^\s:@/\"']{3,100})@(?:tcp|unix)\(", "@tcp(", "@unix("),
    _anywhere("password of OpenSSL", r"-(?:pass|passin|passout)\s{1,3}pass:([^\s'\"]{1,200})", "pass:"),
    _anywhere("password in SQL", r"(?i:identified\s{1,3}(?:with\s{1,3}\w{1,40}\s{1,3})?by\s{1,3}(?:password\s{1,3})?)['\"]([^'\"\n]{3,200})['\"]", "dentified", "DENTIFIED"),
    _anywhere("line of .pgpass", r"(?<![\w/:.@-])(?:localhost|\*|[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}):(?:\d{4,5}|\*):[\w*-]{1,60}:[\w*.-]{1,60}:([^\s:\"'\\]{3,100})", ":"),
    _named("line of .pgpass", r"(?<![\w/:.@-])[\w*-]{1,60}:(?:\d{4,5}|\*):[\w*-]{1,60}:[\w*.-]{1,60}:([^\s:\"'\\]{3,100})", r"pgpass", "pgpass"),
    _within("one-time password's secret", r"otpauth://[^\s\"'<>]{0,300}[?&]secret=([A-Za-z2-7=]{8,})", 0, "otpauth://"),
    _anywhere("password hash", r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$[A-Za-z0-9+/=$,.-]{30,}+|\$(?:[156]|apr1)\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|(?:pbkdf2_sha\d+|scrypt|bcrypt_sha256)\$[A-Za-z0-9+/=$:.-]{30,}+", "$2", "$argon2", "$1$", "$apr1$", "$5$", "$6$", "pbkdf2_", "scrypt$", "bcrypt_"),
    _named("private key of 64 hexadecimal digits", r"(?<![0-9a-zA-Z])(?:0x)?[0-9a-fA-F]{64}(?![0-9a-zA-Z])", r"private.?key|secret.?key|wallet|mnemonic|seed", "rivate", "RIVATE", "ecret", "ECRET", "allet", "WALLET", "eed"),
    _anywhere("Authorization header", r"(?i:\bbearer\s{1,3})((?=[A-Za-z._~+/-]{0,60}[\d._])[A-Za-z0-9._~+/-]{12,}+={0,3})", "earer ", "EARER "),
    _anywhere("Authorization header", r"(?i:\bauthorization['\"]?\s?[:=]\s?['\"]?[a-z][\w-]{1,24}\s{1,3})([A-Za-z0-9._~+/=-]{6,}+)", "uthorization", "UTHORIZATION"),
    _anywhere("Authorization header", r"(?i:\bbasic\s)((?=[A-Za-z+/]{0,80}[\d=])(?=[a-z0-9+/=]{0,80}[A-Z])[A-Za-z0-9+/]{12,}+={0,2})(?![\w-])", "asic ", "ASIC "),
    _anywhere("cookie", r"(?i:\b(?:set-)?cookie['\"]?\s?:\s?['\"]?)(?=[^\n]{0,1000}?=[^\s;,'\"<>]{12,})([\w.-]{1,60}=[^\s;'\"<>]{1,4000}(?:;\s?[\w.-]{1,60}(?:=[^;'\"<>\n]{0,4000})?){0,40})", "ookie", "OOKIE"),
    _anywhere("password on a command line", r"\b(?:curl|wget|http|https)\b.{0,200}?\s(?:-u|--user|--password)[ =]?['\"]?([^\s:'\"]{1,64}:[^\s'\"]{3,128})", " -u", "--user"),
    _anywhere("password given to a setter", r"\b(?:set|with|put)\w{0,20}(?:[Pp]assword|[Pp]asswd|Secret|SecretKey|ApiKey|AccessToken|AuthToken)\(\s?['\"]((?=[^'\"\s]*\d)[^'\"\s]{4,200})['\"]", "assword(", "asswd(", "Secret(", "Key(", "Token("),
    _anywhere("name and password as a pair", r"(?:\bauth\s?=\s?|\bHTTP(?:Basic|Digest)Auth)\(\s?['\"][^'\"\n]{1,80}['\"]\s?,\s?['\"]([^'\"\s]{4,200})['\"]", "auth=(", "auth = (", "Auth("),
    _anywhere("password of an Oracle connection", r"(?:jdbc:oracle:(?:thin|oci):|\bsqlplus\s(?:-\w+\s){0,3})[\w.-]{1,60}/([^\s@/\"']{3,100})@", "jdbc:oracle:", "sqlplus"),
    _anywhere("password of htpasswd", r"\bhtpasswd\s-\w{0,6}b\w{0,6}\s\S{1,200}\s\S{1,100}\s(\S{3,100})", "htpasswd"),
    _anywhere("token of a sign-in command", rf"\b(?:snyk|doppler|vercel|fly|render|netlify|railway|pulumi|sentry-cli|huggingface-cli|ngrok)\s(?:config\s)?(?:auth|login|add-authtoken|authtoken)\s(?:--?\w[\w-]*[ =])?({_UUID}|[\w.-]{{20,200}})(?!\S)", " auth", " login", "authtoken"),
    _anywhere("cookie on a command line", r"(?:\s-b|--cookie)[ =]['\"]?([\w.-]{1,60}=(?=[^\s;'\"]*\d)[^\s'\"]{12,4000})", " -b", "--cookie"),
    _anywhere("name and password", r"(?i:\b(?:login|user(?:name)?|account|benutzer|usuario|utilisateur|логин|логін)\b[\s:=]{1,3}[^\s,;/]{2,60}[\s,;/]{1,3}(?:(?:and|und|y|et|и)\s)?(?:pass|pw|pwd|пасс?)[\s:=]{1,3})((?=\S*[^a-zA-Z\s])[^\s,;\"'<>]{6,100})", " pass", " pw", "/pass", "/pw", " пас"),
    _anywhere("key given to a client", r"\b\w{0,40}(?:Client|client|API|Api|SDK|Sdk)\(\s?['\"]((?=[\w.-]*\d)(?=[\w.-]*[a-zA-Z])[\w.-]{30,200})['\"]", "lient(", "API(", "Api(", "SDK(", "Sdk("),
    _anywhere("password in .netrc", r"\blogin\s{1,3}\S{1,64}\s{1,3}password\s{1,3}(\S{3,128})", "login "),
    _anywhere("token in an address", r"[?&](?:token|key|auth|appid|app_?key|api-key|auth_token|private_token|subscription-key|signature|sig|jwt|secret|password|passwd|pwd|access_token|api_key|apikey|id_token|refresh_token|client_secret|session|sid)=((?=[^&\s\"'<>#]{0,60}\d)[^&\s\"'<>#]{8,})", "?", "&"),
)  # fmt: skip

_HINTS: Final = [(hint, place) for place, one in enumerate(FORMATS) for hint in one.hints]
_WORDS = re.compile(r"\S{12,}")
_SIGNS: Final = ".,;:!?\"'()*…"
_LONG = re.compile(r"\S{12}")
_ASSIGNED = re.compile(
    r"pass|pwd|secret|key|token|kennwort|mot de|contrase|парол|login|basic|cred|\s-[apuP]|@(?:tcp|unix)\(|\buse\b.{0,200}/user:|WIFI:|seed|mnemonic|recovery|wallet|backup|сид|semilla|助记|シード|authtoken|sqlplus|\sauth\s",
    re.IGNORECASE,
)


def formats_in(text: str) -> tuple[SecretFormat, ...]:
    """The formats of which a hint stands in the text: its lines need not ask for others."""
    odd = "\n".join(filter(_is_odd, text.split("\n")))
    if not odd:
        return ()
    places = {place for hint, place in _HINTS if hint in odd}
    return tuple(FORMATS[place] for place in sorted(places))


def _is_odd(line: str) -> bool:
    """Whether a line names a secret, or holds anything long that is not a word in small letters."""
    words = (word.strip(_SIGNS) for word in _WORDS.findall(line))
    if any(not (word.isalpha() and word[1:].islower()) for word in words):
        return True
    return bool(_ASSIGNED.search(line))


def secrets(line: str, formats: Iterable[SecretFormat] = FORMATS) -> Iterator[Found]:
    """Every one of the formats that stands in the line."""
    if len(line) >= 8 and (_LONG.search(line) or _ASSIGNED.search(line)):
        for one in formats:
            for hint in one.hints:
                if hint in line:
                    yield from one.find(line)
                    break
