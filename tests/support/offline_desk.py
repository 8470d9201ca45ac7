"""Filling the forms of a desk without a connection, as a person does."""

from playwright.sync_api import Page


def fill_form(page: Page, kind: str, **typed: str) -> None:
    """Fill one of the three forms (`call`, `outcome`, `walk_in`) and press its button."""
    own = page.locator(f"[data-act={kind}]")
    for name, value in typed.items():
        field = own.locator(f"[name={name}]")
        if field.evaluate("(e) => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    own.locator("button").click()
