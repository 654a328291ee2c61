"""Numbers and names of things: orders, ids, hashes, tracking, books."""

GROUPS = {
    "letta ids": (
        "message-{uuid}", "agent-{uuid}", "block-{uuid}", "step-{uuid} of run-{uuid}", "conv-{uuid}",
        '{{"id": "message-{uuid}", "agent_id": "agent-{uuid}"}}', "call_<h24>", "toolu_01<a22>", "passage-{uuid}",
        "source-{uuid}, file-{uuid}", "org-00000000-0000-4000-8000-000000000000", "identity-{uuid} · archive-{uuid}",
        "resp_<h50>", "chatcmpl-<a29>", "msg_01<a22>", "fp_<h10>", "provider_trace-{uuid}", "group-{uuid}",
    ),
    "uuids": (
        "{uuid}", "request_id={uuid}", '"otid": "{uuid}"', "Correlation {uuid} failed twice", "urn:uuid:{uuid}",
        "{uuid}.json", "trace {uuid}/{uuid}", "see <h32>.png", "session {uuid} expired", "batch: [{uuid}, {uuid}]",
    ),
    "hashes": (
        "commit <h40>", "<h7>..<h7>", "sha256:<h64>", "HEAD is now at <h7> Mend the {word}", "md5 <h32>  {word}.tar.gz",
        "ETag: \"<h32>\"", "image {word}@sha256:<h64>", "integrity sha512-<b86>==", "Merge <h40> into main", "<h64>  {word}-{version}.whl",
        "--hash=sha256:<h64>", "digest: <h64>", "from <h12> to <h12>", "index <h7>..<h7> 100644", "blob <h40> {nn}",
        "traceparent: 00-<h32>-<h16>-01", "span_id=<h16>", "checksum <h8>", "etag W/\"<h8>-<h16>\"", "sha1=<h40>",
    ),
    "orders": (
        "Order #<d8> shipped", "order number <d10>", "Bestellnummer: <d9>", "Bestellung <d3>-<d7>-<d7>", "invoice INV-{year}-<d5>",
        "Rechnung RE{year}<d6> vom {day}", "Замовлення №<d7> у дорозі", "Заказ № <d8>", "Pedido <d10> enviado", "Commande n° <d9>",
        "注文番号 <d3>-<d7>-<d7>", "ticket #<d5>", "case <d8> closed", "customer number K-<d6>", "Vertragsnummer <d2>.<d3>.<d3>",
        "PO <d10>", "ref. <u8>", "booking code <u6>", "SKU <u3>-<d5>-<u2>", "Kundennummer <d7>", "order_id: <d12>", "RMA<d9>",
        "Order 2<d6> and order 2<d6> are one parcel", "Artikel <d6>", "Auftrag <d8>/<d2>", "JIRA SHOP-<d4>", "PR #<d4>",
    ),
    "tracking": (
        "tracking 1Z<u6><d10>", "UPS 1Z<d3>E<d12>", "Sendungsnummer 0034043<d13>", "DHL tracking: JJD<d18>", "RR<d9>DE",
        "USPS 94<d20>", "Paket CY<d9>CN", "colis 8R<d11>", "container MSCU<d7>", "tracking number <d12> (FedEx)",
        "Відправлення 2045<d10>", "трек RA<d9>UA", "送り状番号 <d4>-<d4>-<d4>", "EAN 40<d11>", "barcode 590<d10>",
        "serial C02<u8>", "VIN WVWZZZ<u3>Z<u7>", "part no. <d3>-<d5>-<d2>", "S/N: <u12>", "GTIN 0<d13>",
    ),
    "books": (
        "ISBN 978-3-16-148410-<d1>", "ISBN 9783<d9>", "ISBN-10 3-<d3>-<d5>-<d1>", "doi:10.1<d3>/s<d5>-<d3>-<d5>-<d1>", "arXiv:2<d3>.<d5>",
        "ISSN 1<d3>-<d4>", "PMID <d8>", "RFC {nn}", "ISO 8601-1:2019", "DIN EN 1<d3>-<d1>:{year}", "pp. {n}-{n}", "vol. {d}, no. {d}, {year}",
        "US patent 10,<d3>,<d3>", "CVE-{year}-<d5>", "§ {n} Abs. {d} Satz {d}", "CAS <d4>-<d2>-<d1>", "BGB §§ 433-{n}",
    ),
}  # fmt: skip
