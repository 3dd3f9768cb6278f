"""Does the record tell on what somebody acted without telling who that is?"""

import re

from outreach.audit import targets
from outreach.db.engine import BrandRef


def test_a_name_of_a_person_becomes_their_id_on_record() -> None:
    told = targets.of(
        BrandRef(1, "lumen"), {"ref": "ada@customers.example", "key": "a b", "task": "x"}
    )
    assert re.fullmatch(r"ref=per_[a-z2-7]{26} key=\? task=\?", told)
