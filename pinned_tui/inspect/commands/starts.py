"""How the beginning of a curl or an HTTPie command is known, whatever stands before it on its line.

That may be a prompt, a variable that takes the answer, an assignment for the command alone, a word
such as ``time`` or ``sudo``, or an earlier part of a pipeline.
"""

import re

_PROMPT = (
    r"(?:(?:PS[ ][^\n>]{0,200}>|[A-Za-z]:\\[^\n>]{0,200}>|[\w.@~:/-]{0,80}[$%\u276f#>]"
    r"|[\u279c\u03bb][^\n]{1,80}[ ])[ \t]*)?"
)
_CONTAINER = (
    r"""(?:(?:sudo[ \t]+)?(?:docker|podman|kubectl|nerdctl)[ \t][^\n|;&"'`]{1,200}?[ \t])?"""
)
_BEFORE = r"""(?:(?:(?:time|sudo|env|exec|command|winpty|watch|then|do|else|if|while|&|!)[ \t]+
    |\w{1,64}=["']?(?:\$\(|`)[ \t]*|\$\w{1,64}[ \t]*=[ \t]*
    |\w{1,64}=(?:'[^'\n]{0,500}'|"[^"\n]{0,500}"|[^\s'"$(`]{0,500})[ \t]+){0,8})"""
_PROGRAM = r"""(?P<word>["']?(?:[^\s'"|;&]{0,200}[\\/])?(?:NAMES)(?:\.exe)?["']?)"""
_START = rf"(?:^[ \t]*{_PROMPT}|[|;&][ \t]{{1,8}}){_BEFORE}{_CONTAINER}{_PROGRAM}"
_FLAGS = re.MULTILINE | re.VERBOSE

_ADDRESS = r"""https?:|:[0-9]{0,5}/|/|[$%{<]|localhost|[\w.-]{1,200}\.[a-z]{2,16}(?=[\s"'/:?\#]|\Z)
    |[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\["""
"""How an address begins. A tool's name before anything else is the beginning of a sentence."""

CURL = re.compile(
    _START.replace("NAMES", "curl")
    + r"""(?=[ \t]+\^?["'\u201c\u201d\u201e\u2018\u2019]?(?:-{1,2}[A-Za-z0-9#]
        |[\u2010-\u2015\u2212]{1,2}[A-Za-z]|""" + _ADDRESS + r""")|[ \t]*[\\^`]\r?\n)""",
    _FLAGS | re.IGNORECASE,
)  # fmt: skip
"""A curl command; ``word`` is the program. Options or an address follow on its name."""

HTTPIE = re.compile(
    _START.replace("NAMES", "https?|xhs?")
    + r"""(?=[ \t]+(?:-{1,2}\w[^\n]{0,200}?[ \t])?["']?
        (?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|get|post|put|patch|delete|head|options)[ \t]
            {1,4}["']?(?:"""
    + _ADDRESS
    + r""")
          |https?://|:[0-9]{0,5}/|\$\w|[\w.-]{1,200}\.[a-z]{2,16}[/:\s]|localhost))""",
    _FLAGS,
)
"""An HTTPie command; its names are common words, so that an address or a method must follow."""
