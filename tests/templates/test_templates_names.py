"""Which names does a text ask for, wherever it asks?"""

import pytest

from outreach.templates import document

HOLE = "{{ links.preferences }}"
ASKING = {
    "plain text": f"sms: {{text: 'Choose {HOLE}'}}",
    "subject": f"email: {{subject: '{HOLE}', text: Hello.}}",
    "page": f"""email: {{subject: Hello, html: '<a href="{HOLE}">Choose</a>'}}""",
    "page of MJML": f"""email: {{subject: Hello, mjml: '<mjml><mj-body><mj-section><mj-column>
      <mj-text>{HOLE}</mj-text></mj-column></mj-section></mj-body></mjml>'}}""",
    "preheader": f"email: {{subject: Hello, html: <p>Hello</p>, preheader: '{HOLE}'}}",
    "hole of a provider": f"sms: {{text: Hello., code: c1, params: {{link: '{HOLE}'}}}}",
    "condition": "sms: {text: 'Hello{% if links.preferences is defined %}!{% endif %}'}",
    "script": f"""voice: {{script: {{opening: Hello., closing: Goodbye., questions: [
      {{key: send, ask: 'Shall I send {HOLE}?', answers: [{{when: Yes}}, {{when: No}}]}}]}}}}""",
}


@pytest.mark.parametrize("where", ASKING)
def test_a_name_is_found_wherever_a_text_may_hold_it(where: str) -> None:
    source = f"key: hello\npurpose: renewal\ntexts:\n  en:\n    {ASKING[where]}\n"
    (_, _, text), *_ = document.read(source, name="hello").wordings()
    assert "links.preferences" in text.names()


def test_a_word_in_a_text_is_no_name() -> None:
    source = "key: hello\npurpose: renewal\ntexts: {en: {sms: {text: Your preferences.}}}\n"
    (_, _, text), *_ = document.read(source, name="hello").wordings()
    assert text.names() == frozenset()
