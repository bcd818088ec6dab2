#!/usr/bin/env python3
"""Verificador independiente de una bitácora pública de Consulta. Solo necesita Python 3.8 o posterior.

    python3 verificador.py CARPETA --clave CLAVE [--contra ARCHIVO]...
    python3 verificador.py --clave CLAVE --contra acuse.json

CARPETA es lo que escribe «consulta bitacora export». CLAVE es la clave pública, como está en la página de la bitácora.
Cada ARCHIVO es un acuse (JSON o TXT) o un punto de control que alguien guardó: sin ninguno no se puede saber si toda
la historia se rehízo con la misma clave. Termina con 0 si todo coincide, 1 si algo difiere y 2 si no se pudo comprobar.

Reads nothing of Consulta: RFC 6962 (tree), RFC 8032 (Ed25519), C2SP signed-note and tlog-checkpoint, written anew.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from pathlib import Path

CORRUPTION, TAMPERING = "CORRUPCIÓN", "MANIPULACIÓN"
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    """The x of a point of the curve, RFC 8032, 5.1.3; None when there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(one, two):
    """Sum of two points in extended coordinates, RFC 8032, 5.1.4."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    """A point added to itself so many times."""
    found = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = add(found, point)
        point, factor = add(point, point), factor >> 1
    return found


def point_of(raw):
    """The point that 32 bytes stand for; None for none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, signature, message):
    """Whether an Ed25519 signature of a message is good, RFC 8032, 5.1.7."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = times(s, BASE), add(r, times(h, a))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


def sha(raw):
    """SHA-256."""
    return hashlib.sha256(raw).digest()


class Tree:
    """The tree of RFC 6962 as it grows: only its peaks are held."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, entry):
        """Take the next leaf."""
        found, width = sha(b"\0" + entry), 1
        while self.peaks and self.peaks[-1][0] == width:
            found, width = sha(b"\1" + self.peaks.pop()[1] + found), width * 2
        self.peaks.append((width, found))
        self.size += 1

    def root(self):
        """The root over everything taken."""
        found = None
        for _width, peak in reversed(self.peaks):
            found = peak if found is None else sha(b"\1" + peak + found)
        return sha(b"") if found is None else found


def root_from_path(entry, index, size, path):
    """The root to which an inclusion proof leads, RFC 9162, 2.1.3.2; None when it is too long or too short."""
    at, last, found = index, size - 1, sha(b"\0" + entry)
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = sha(b"\1" + step + found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = sha(b"\1" + found + step)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def read_key(text):
    """Name and public key of «nombre+id+clave»."""
    name, identifier, encoded = text.strip().split("+", 2)
    raw = base64.b64decode(encoded)
    if raw[:1] != b"\1" or len(raw) != 33 or sha(name.encode() + b"\n" + raw)[:4].hex() != identifier:
        raise ValueError("la clave no se entiende: cópiela entera")
    return name, raw[1:]


def read_note(text, keys):
    """Origin, size and root of a signed note; None when none of the keys signed it."""
    body, blank, signed = text.partition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) < 3 or not lines[1].isdigit():
        return None
    for line in signed.splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or parts[1] != lines[0]:
            continue
        raw = decode(parts[2])
        for public in keys:
            identifier = sha(lines[0].encode() + b"\n\1" + public)[:4]
            if raw[:4] == identifier and is_signed(public, raw[4:], (body + "\n").encode()):
                return lines[0], int(lines[1]), decode(lines[2])
    return None


def decode(text):
    """Base64; empty for what is not."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def follow_keys(path, trusted):
    """Every key that the trusted one handed over to, or that handed over to it, each under both signatures."""
    keys = [trusted]
    handovers = [item["handover"] for item in json.loads(path.read_text("utf-8"))["keys"]] if path.exists() else []
    while True:
        fresh = [key for text in handovers for key in handed(text) if set(handed(text)) & set(keys) and key not in keys]
        if not fresh:
            return keys
        keys += fresh


def handed(text):
    """The two keys of a handover that both signed; nothing otherwise."""
    body, _blank, signed = text.partition("\n\n")
    lines = body.split("\n")
    if len(lines) != 5 or lines[0] != "consulta.key-change/v1":
        return []
    found = dict(line.split(" ", 1) for line in signed.splitlines() if line.count(" ") == 1)
    keys = [decode(lines[2]), decode(lines[3])]
    good = (is_signed(key, decode(found.get(name, "")), (body + "\n").encode()) for key, name in zip(keys, lines[2:4]))
    return keys if all(good) else []


def read_kept(text, keys):
    """What somebody kept: (entry of the act or None, its place or None, head or None), and what is wrong with it."""
    original = re.search(r"\|\|consulta\.acuse/1\|.*?\|\|", text, re.DOTALL)
    if original is None:
        head = read_note(text, keys)
        return (None, None, head), "" if head else "no es un punto de control firmado con esta clave, ni un acuse"
    parsed = json.loads(text) if text.lstrip().startswith("{") else {}
    seal = decode(parsed.get("seal") or re.search(r"[A-Za-z0-9+/]{86}==", text)[0])
    string = "".join(original[0].split()) if not parsed else original[0]
    if not any(is_signed(key, seal, string.encode()) for key in keys):
        return (None, None, None), "el sello del acuse no es de esta clave, o el acuse cambió"
    _version, _origin, folio, at, _received, commitment = (part.replace("%7C", "|") for part in string[2:-2].split("|"))
    act = {"at": at, "commitment": commitment, "id": folio, "kind": "submission.received"}
    entry = json.dumps(act, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    if parsed.get("content") is not None and parsed.get("salt"):
        content = json.dumps(parsed["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        if sha(bytes.fromhex(parsed["salt"]) + content).hex() != commitment:
            return (None, None, None), "el contenido del acuse no es el que se selló"
    proof = parsed.get("proof")
    if not proof:
        return (entry, None, None), ""
    head = read_note(proof["checkpoint"], keys)
    path = [decode(step) for step in proof["path"]]
    if head is None or root_from_path(entry, proof["index"], head[1], path) != head[2]:
        return (None, None, None), "la prueba del acuse no lleva a un punto de control firmado"
    return (entry, proof["index"], head), ""


def verify(folder, heads, wanted):
    """Walk through an export once. Yields what differs, the first first."""
    tree, good_to, pending = Tree(), 0, sorted(heads, key=lambda item: item[1][1])
    missing = {entry: (name, place) for name, entry, place in wanted}
    with (folder / "actos.txt").open("rb") as lines:
        for number, line in enumerate(lines):
            entry, _tab, crc = line.rstrip(b"\n").rpartition(b"\t")
            if not line.endswith(b"\n") or crc != b"%08x" % zlib.crc32(entry):
                yield f"{CORRUPTION} en el lugar {number}: la línea se dañó (su suma no coincide)"
                return
            tree.add(entry)
            if entry in missing and missing[entry][1] in (None, number):
                del missing[entry]
            while pending and pending[0][1][1] == tree.size:
                name, head = pending.pop(0)
                if head[2] != tree.root():
                    yield f"{TAMPERING} entre los lugares {good_to} y {tree.size - 1}: no son los que firmó {name}"
                    return
                good_to = tree.size
    for name, head in pending:
        yield f"{TAMPERING}: {name} dice {head[1]} actos y hay {tree.size}: faltan los últimos"
    for name, _place in missing.values():
        yield f"{TAMPERING}: el acuse {name} es auténtico y su acto no está en la bitácora"
    print(f"{tree.size:,} actos comprobados.")


def read_export(folder, keys):
    """The checkpoints of an export that are signed, and what is wrong with the others."""
    before, *blocks = (folder / "puntos.txt").read_bytes().split(b"\n==== ")
    heads, wrong = [], [f"{CORRUPTION} al principio de los puntos de control"] if before else []
    for number, block in enumerate(blocks, start=1):
        crc, _line, note = block.partition(b"\n")
        if crc != b"%08x" % zlib.crc32(note):
            wrong.append(f"{CORRUPTION} en el punto de control número {number}: se dañó (su suma no coincide)")
            continue
        head = read_note(note.decode("utf-8"), keys)
        if head is None:
            wrong.append(f"{TAMPERING}: el punto de control número {number} no está firmado con esta clave")
        else:
            heads.append((f"el punto de control de {head[1]}", head))
    return heads, wrong


def main():
    """Read the arguments, verify, and say the verdict."""
    parser = argparse.ArgumentParser(description="Verifica una bitácora pública de Consulta.")
    parser.add_argument("carpeta", nargs="?", type=Path)
    parser.add_argument("--clave", required=True)
    parser.add_argument("--contra", action="append", default=[], type=Path)
    given = parser.parse_args()
    try:
        _name, public = read_key(given.clave)
        keys = follow_keys(given.carpeta / "claves.json", public) if given.carpeta else [public]
        heads, problems = read_export(given.carpeta, keys) if given.carpeta else ([], [])
        wanted, seen = [], {}
        for path in given.contra:
            (entry, place, head), wrong = read_kept(path.read_text("utf-8"), keys)
            problems += [f"{path.name}: {wrong}"] if wrong else []
            wanted += [(path.name, entry, place)] if entry else []
            heads += [(path.name, head)] if head else []
            if head and seen.setdefault(head[1], head[2]) != head[2]:
                problems.append(f"{TAMPERING}: {path.name} y otro dicen raíces distintas con {head[1]} actos")
        problems += list(verify(given.carpeta, heads, wanted)) if given.carpeta else []
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"No se pudo comprobar: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    if not problems:
        print("Todo coincide.")
    if not given.contra:
        print("Sin un acuse o punto de control guardado fuera no se sabe si toda la historia se rehízo con la clave.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
