"""Who gets in, who gets a case, and what is refused at the desk."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.desk.working import Arrive, Sit, case_of, deafen, shoot

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"


def test_a_wrong_password_opens_nothing_and_says_so(open_page: Arrive) -> None:
    page = open_page("/console")
    page.get_by_label("Nombre").fill("Alma")
    page.get_by_label("Contraseña").fill("no es esta")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Nombre o contraseña incorrectos.")
    expect(page.get_by_label("Contraseña")).to_be_focused()
    shoot(page, "door")
    page.goto(page.url.replace("/sign-in", ""))
    expect(page).to_have_url(re.compile("/console/sign-in$"))


def test_a_form_from_another_page_is_refused_and_the_desk_says_why(
    desk: Sit, shopper: Arrive, emails: dict[str, str]
) -> None:
    shopper(emails["Diego"], "quiero hablar con una persona")
    alma = desk("Alma")
    deafen(alma)
    case_of(alma, "Diego").click()
    expect(alma.get_by_role("button", name="Tomar el caso")).to_be_visible()
    alma.evaluate("for (const one of document.querySelectorAll('[name=form]')) one.value = 'forged'")
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.locator(".toast.bad")).to_contain_text("No se aceptó el formulario")
    expect(alma.get_by_text("Contigo")).to_have_count(0)


def test_two_people_claim_one_case_and_one_has_it(desk: Sit, shopper: Arrive, emails: dict[str, str]) -> None:
    alma, bruno = desk("Alma"), desk("Bruno")
    deafen(alma)
    deafen(bruno)
    shopper(emails["Ximena"], "quiero hablar con una persona")
    for one in (alma, bruno):
        one.reload()
        case_of(one, "Ximena").click()
        expect(one.get_by_role("button", name="Tomar el caso")).to_be_visible()
    bruno.get_by_role("button", name="Tomar el caso").click()
    expect(bruno.get_by_text("Contigo")).to_be_visible()
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.locator(".toast.bad")).to_have_text("Otra persona ya tiene este caso.")
    expect(alma.get_by_role("textbox", name="Respuesta")).to_have_count(0)


def test_hostile_words_are_words_at_the_desk(desk: Sit, shopper: Arrive, emails: dict[str, str]) -> None:
    shopper(emails["Rodrigo"], f"me llamo {HOSTILE}", f"{HOSTILE} quiero hablar con una persona")
    bruno = desk("Bruno")
    bruno.locator("#rows .row", has_text="hacked").or_(case_of(bruno, "Rodrigo")).last.click()
    bruno.get_by_role("button", name="Tomar el caso").click()
    bruno.get_by_role("textbox", name="Respuesta").fill(HOSTILE)
    bruno.get_by_role("button", name="Enviar").click()
    expect(bruno.locator("article.said.person")).to_contain_text("<script>")
    bruno.keyboard.press("Escape")
    bruno.keyboard.press("n")
    bruno.keyboard.type(HOSTILE)
    bruno.keyboard.press("Control+Enter")
    expect(bruno.locator("article.said.note")).to_contain_text("<img src=x")
    expect(bruno.locator("article.said.person")).to_have_count(1)
    expect(bruno.locator("img[src=x]")).to_have_count(0)
    assert "hacked" not in bruno.title()
