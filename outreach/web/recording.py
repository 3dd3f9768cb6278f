"""What is written down of a request that asks for a change, before it is carried out?

Who, in which role, by which route, and on what: ids and names of documents, never a name or an
address of a person. It is written before the deed, in a transaction of its own, so that nothing is
done that is not on record; whether it succeeded, the rows themselves say.
"""

from fastapi import Request

from outreach.access import roles
from outreach.app import Outreach
from outreach.audit import store, targets
from outreach.db.engine import BrandRef
from outreach.web import forms, rights


def record(request: Request, app: Outreach, brand: BrandRef, *, by: str, role: str) -> None:
    """Add the request to the brand's chain, if it is one of those that are kept."""
    right = rights.right_of(request)
    if right is None or not kept(right, role, changes=forms.changes(request)):
        return
    deed = f"{request.method} {rights.path_of(request)}"
    target = targets.of(brand, request.path_params)
    with app.means.database.begin(brand) as tx:
        store.append(
            tx, app.link_keys[0], brand, by=by, role=role, deed=deed, target=target,
            now=app.means.clock(),
        )  # fmt: skip


def kept(right: str, role: str, *, changes: bool) -> bool:
    """Whatever somebody changes or has revealed to them; of keys, what weighs much."""
    if right in {rights.ANYONE, rights.KNOWN}:
        return False
    if role == roles.KEY:
        return right in roles.table().recorded_of_keys
    return changes or right in roles.table().reveals
