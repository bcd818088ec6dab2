"""The official terms of what people say of themselves, after INEGI's catalogues. Pure."""

from consulta.i18n.text import N_

DECLINED = N_("Prefiero no responder")

REACH = {
    "less": N_("Menos que su parte"),
    "like": N_("No se distingue de su parte"),
    "more": N_("Más que su parte"),
    "unknown": N_("No hay datos suficientes"),
}

COLUMN_TYPES = {
    "string": N_("texto"),
    "integer": N_("entero"),
    "number": N_("número"),
    "datetime": N_("instante"),
    "date": N_("día"),
}

PEOPLE: dict[str, dict[str, str]] = {
    "sex": {"woman": N_("Mujer"), "man": N_("Hombre"), "declined": DECLINED},
    "gender": {
        "woman": N_("Mujer"),
        "man": N_("Hombre"),
        "non_binary": N_("No binario"),
        "other": N_("Otro"),
        "declined": DECLINED,
    },
    "age_group": {
        "0-17": N_("Menos de 18 años"),
        "18-29": N_("18 a 29 años"),
        "30-44": N_("30 a 44 años"),
        "45-59": N_("45 a 59 años"),
        "60+": N_("60 años o más"),
        "declined": DECLINED,
    },
    "schooling": {
        "none": N_("Ninguna"),
        "basic": N_("Preescolar, primaria o secundaria"),
        "upper_secondary": N_("Bachillerato o carrera técnica"),
        "degree": N_("Licenciatura o normal"),
        "postgraduate": N_("Especialidad, maestría o doctorado"),
        "declined": DECLINED,
    },
    "disability": {
        "none": N_("No"),
        "some": N_("Con poca dificultad"),
        "disability": N_("Con mucha dificultad, o no puedo"),
        "declined": DECLINED,
    },
    "indigenous": {"yes": N_("Sí"), "no": N_("No"), "declined": DECLINED},
    "afro_mexican": {"yes": N_("Sí"), "no": N_("No"), "declined": DECLINED},
    "sector": {
        "primary": N_("Campo, ganadería, pesca o bosques"),
        "industry": N_("Minería, industria o construcción"),
        "commerce": N_("Comercio"),
        "services": N_("Transporte, turismo y otros servicios"),
        "public": N_("Gobierno, educación o salud"),
        "home": N_("Trabajo del hogar o de cuidados"),
        "student": N_("Estudio"),
        "other": N_("Otra cosa, o no trabajo"),
        "declined": DECLINED,
    },
    "organization_kind": {
        "company": N_("Empresa o negocio"),
        "chamber": N_("Cámara o asociación de empresas"),
        "civil": N_("Asociación civil"),
        "university": N_("Escuela o universidad"),
        "college": N_("Colegio de profesionistas"),
        "union": N_("Sindicato"),
        "community": N_("Comunidad, ejido o grupo de vecinas y vecinos"),
        "authority": N_("Autoridad o partido"),
        "other": N_("Otra"),
    },
}
