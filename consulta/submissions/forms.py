"""The form of a comment."""

from typing import Any

from wtforms import BooleanField

from consulta.i18n.labels import label
from consulta.i18n.text import N_, _, language
from consulta.submissions.drafts import DemographicsDraft, Draft
from consulta.submissions.places import draft_place, takes_place
from consulta.submissions.states import Behalf, SubmissionKind
from consulta.submissions.territory import ELSEWHERE, municipalities
from consulta.web.forms import BaseForm, CleanHidden, CleanRadio, CleanSelect, CleanString, CleanText
from consulta.windows.questions import ABOUT_ORGANIZATIONS, BY_KEY, DECLINED, KEYS, MUNICIPALITY

FIRST_STEP = ("text", "kind", "files", "article", "says", "should_say", "names_official", "address")
STEP_OF_FIELD = dict.fromkeys(FIRST_STEP, 1)


class CommentForm(BaseForm):
    """All three steps: each shows its own fields and carries the others hidden."""

    nonce = CleanHidden()
    notice_version = CleanHidden()
    kind = CleanRadio(N_("¿Qué desea enviar?"), validate_choice=False)
    text = CleanText(N_("Su opinión"))
    article = CleanString(N_("Artículo o parte del texto"))
    says = CleanText(N_("Dice"))
    should_say = CleanText(N_("Debe decir"))
    address = CleanString(N_("¿Dónde es?"))
    seen = CleanHidden()
    names_official = BooleanField(N_("Me quejo de una persona servidora pública que nombro o que se puede identificar"))
    files = CleanString(N_("Archivos"))
    behalf = CleanRadio(N_("¿A nombre de quién opina?"), default=Behalf.SELF.value, validate_choice=False)
    author_name = CleanString("Su nombre")
    name_is_public = BooleanField(N_("Publicar mi nombre junto al comentario"))
    text_consent = BooleanField(N_("Acepto que se publique mi texto"))
    organization = CleanString(N_("Organización o empresa"))
    representative = CleanString(N_("Quien la representa"))
    representative_post = CleanString(N_("Cargo de quien la representa"))
    email = CleanString(N_("Correo electrónico"))
    phone = CleanString(N_("Teléfono"))
    sex = CleanRadio(BY_KEY["sex"].title, validate_choice=False)
    gender = CleanRadio(BY_KEY["gender"].title, validate_choice=False)
    age_group = CleanRadio(BY_KEY["age_group"].title, validate_choice=False)
    municipality = CleanSelect(BY_KEY["municipality"].title, validate_choice=False)
    schooling = CleanRadio(BY_KEY["schooling"].title, validate_choice=False)
    disability = CleanRadio(BY_KEY["disability"].title, validate_choice=False)
    indigenous = CleanRadio(BY_KEY["indigenous"].title, validate_choice=False)
    afro_mexican = CleanRadio(BY_KEY["afro_mexican"].title, validate_choice=False)
    sector = CleanSelect(BY_KEY["sector"].title, validate_choice=False)
    organization_kind = CleanSelect(ABOUT_ORGANIZATIONS.title, validate_choice=False)

    asks_place = False

    def set_choices(self, kinds: list[str]) -> None:
        """Offer the kinds of the instrument, and the catalogues; ask where, of who asks for something somewhere."""
        self.asks_place = takes_place(kinds)
        self.kind.choices = [(kind, label("kind", kind)) for kind in kinds]
        self._reset_foreign("kind", kinds, _("Elija qué desea enviar.") if len(kinds) > 1 else None)
        self.behalf.choices = [(item.value, label("behalf", item.value)) for item in Behalf]
        self._reset_foreign("behalf", [item.value for item in Behalf], _("Elija a nombre de quién opina."))
        for question in BY_KEY.values():
            values = (*question.values, *(() if question is ABOUT_ORGANIZATIONS else (DECLINED,)))
            offered = [(value, label(question.key, value)) for value in values if question.key != MUNICIPALITY]
            empty = [("", _("Sin respuesta"))] if isinstance(self[question.key], CleanSelect) else []
            field: Any = self[question.key]
            field.choices = empty + offered
        places = [(key, name) for key, name in municipalities().items()]
        ends = [(ELSEWHERE, _("Vivo en otro lugar")), (DECLINED, label("sex", DECLINED))]
        self.municipality.choices = [("", _("Elija un municipio")), *places, *ends]

    def draft(self, *, kinds: list[str], files: tuple[str, ...]) -> Draft:
        """Return what was typed as a draft."""
        kind = self.kind.data if self.kind.data in kinds else kinds[0]
        return Draft(
            text=(self.text.data or "").strip(),
            kind=SubmissionKind(kind),
            behalf=Behalf(self.behalf.data),
            author_name=self.author_name.data or "",
            name_is_public=self.name_is_public.data,
            text_consent=self.text_consent.data,
            organization=self.organization.data or "",
            representative=self.representative.data or "",
            representative_post=self.representative_post.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            notice_version=(self.notice_version.data or "")[:40],
            files=files,
            demographics=self._demographics(),
            names_official=self.names_official.data,
            article=self.article.data or "",
            says=(self.says.data or "").strip(),
            should_say=(self.should_say.data or "").strip(),
            seen_versions=self._seen_versions(),
            language=language(),
            place=draft_place({"address": self.address.data or ""}) if takes_place(kinds) else None,
        )

    def step_of_first_problem(self) -> int | None:
        """Return the step where something must be corrected; None when nothing."""
        steps = [STEP_OF_FIELD.get(field.name, 2) for field in self if field.errors]
        return min(steps) if steps else (3 if self.general else None)

    def keep_problems_of(self, step: int) -> None:
        """Forget what must be corrected on other steps: it is told there, where its fields are."""
        for field in self:
            if STEP_OF_FIELD.get(field.name, 2) != step:
                field.errors = []

    def _reset_foreign(self, name: str, choices: list[str], message: str | None) -> None:
        """Put the first choice where another value came, and say so where a person can choose."""
        if self[name].data not in choices:
            if self[name].data and message:
                self.add_problem(name, message)
            self[name].data = choices[0]

    def _seen_versions(self) -> tuple[int, ...]:
        """Return the versions that the page carried; anything that is not a number is none."""
        numbers = (self.seen.data or "").split()[:20]
        return tuple(int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 18)

    def _demographics(self) -> DemographicsDraft:
        return DemographicsDraft(**{key: self[key].data or None for key in KEYS})
