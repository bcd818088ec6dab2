"""Invented matters and comments of the demonstration. Two of the comments are hostile on purpose."""

PRIVACY_SUMMARY = (
    "El Gobierno de demostración usa lo que usted escribe para responderle y para publicar los comentarios. "
    "Su correo y su teléfono no se publican. Puede opinar sin dar su nombre."
)
PRIVACY_TEXT = """Responsable: Gobierno del Estado de Guanajuato (demostración), domicilio inventado.
Datos que se tratan: el texto de su comentario y, si usted quiere, nombre, correo, teléfono, organización y archivos. No se piden datos sensibles.
Fundamento: Ley General de Protección de Datos Personales en Posesión de Sujetos Obligados, artículos 21 y 22.
Finalidades: recibir y responder su comentario, publicarlo después de revisarlo y elaborar estadística. Ninguna necesita su consentimiento adicional; publicar su nombre sí, y por eso se pregunta.
Transferencias: no se hacen, salvo a la unidad que debe responderle dentro de este gobierno.
Derechos: puede pedir acceso, rectificación, cancelación u oposición ante la Unidad de Transparencia con su folio y su clave.
Para negarse antes del tratamiento: no envíe el formulario, o envíelo sin sus datos."""

AGENCIES = (
    ("coordinacion-mejora", "Coordinación de Mejora Regulatoria", (("coordinacion", "Coordinación de consultas"),)),
    ("movilidad", "Secretaría de Movilidad", (("movilidad", "Dirección de Movilidad"),)),
    ("agua", "Comisión Estatal del Agua", (("agua", "Dirección de Agua y Saneamiento"),)),
    ("atencion", "Secretaría de Atención Ciudadana", (("ventanilla", "Ventanilla de atención"),)),
    ("honestidad", "Secretaría de la Honestidad", (("control", "Órgano interno de control"),)),
    ("transparencia", "Instituto de Transparencia", (("transparencia", "Unidad de transparencia"),)),
    ("innovacion", "Dirección de Innovación", (("sistemas", "Sistemas"),)),
)

AGENDA_TOPICS = (
    (
        "Reglamento de transporte escolar",
        "Se propone pedir revisión mecánica cada seis meses, cinturón en todos los asientos y una lista pública de "
        "unidades autorizadas.",
        "movilidad",
    ),
    (
        "Lineamientos de estacionamientos públicos",
        "Se propone cobrar por minuto después de la primera media hora y señalar la tarifa en la entrada.",
        "movilidad",
    ),
    (
        "Norma de captación de agua de lluvia en obra nueva",
        "Se propone que toda obra nueva de más de 120 m² tenga captación y un tanque de al menos 5,000 litros.",
        "agua",
    ),
    (
        "Reglamento de descargas de talleres",
        "Se propone un registro gratuito en línea y una trampa de grasas para talleres y lavados de autos.",
        "agua",
    ),
)

COMMENTS = (
    "Estoy de acuerdo con revisar las unidades, pero cada seis meses es poco: los frenos se gastan antes. Propongo tres.",
    "La lista pública debería decir también el nombre del seguro y hasta cuándo está vigente.",
    "Mis hijos viajan cuarenta minutos. Pido que el cinturón sea obligatorio desde el primer día y no después de un año.",
    "¿Quién va a pagar la revisión? Si la paga el transportista, subirá la colegiatura. Propongo que sea gratuita.",
    "No estoy de acuerdo: ya existe una revisión federal y esto duplica el trámite.",
    "Cobrar por minuto está bien, pero la primera media hora debería ser gratis en hospitales.",
    "Que la tarifa se vea antes de entrar, con letra grande. Muchas personas mayores no la alcanzan a leer.",
    "Propongo que los estacionamientos tengan lugar seguro para bicicletas sin costo.",
    "El tanque de cinco mil litros no cabe en un terreno de noventa metros. Debería depender del terreno.",
    "Excelente idea. En mi colonia el agua llega dos veces por semana y la lluvia se desperdicia.",
    "Falta decir qué pasa con las casas que ya están construidas. ¿Habrá apoyo para adaptarlas?",
    "Soy dueña de un taller pequeño: la trampa de grasas cuesta lo que gano en un mes. Pido un plazo de dos años.",
    "<script>alert('hola')</script> <b>Esto</b> debe verse tal cual se escribió.",
    '=HYPERLINK("http://ejemplo.invalid","Haga clic") no debe volverse fórmula en la hoja de cálculo.',
    "De acuerdo.",
    "Pido que el registro en línea también se pueda hacer en ventanilla: no todos tenemos internet.",
)

ANSWERS = (
    (
        "adopted",
        "Procedente. La revisión pasará de seis a cuatro meses en el artículo 12 del proyecto, porque los datos de "
        "talleres que usted señala coinciden con los de la propia Secretaría.",
    ),
    (
        "not_adopted",
        "No procedente, porque la revisión federal no incluye cinturones ni la lista pública de unidades, que son el "
        "objeto de este reglamento. Se agrega una regla para no pedir dos veces el mismo documento.",
    ),
    (
        "partly_adopted",
        "Parcialmente procedente. El volumen del tanque dependerá de la superficie de techo, como propone; se conserva "
        "la obligación para obra nueva.",
    ),
    ("already_covered", "Ya prevista. El artículo 5 del proyecto permite hacer el registro en ventanilla, sin costo."),
)

CABILDO_TOPICS = (
    ("Banquetas y cruces seguros", "Proponga dónde falta un cruce y por qué.", "movilidad"),
    ("Parques y áreas verdes", "Proponga qué arreglar primero en el parque de su colonia.", "agua"),
)

MAILBOX_SUMMARY = (
    "Para peticiones, solicitudes de servicio, sugerencias y felicitaciones. Le responden en cinco días hábiles."
)
