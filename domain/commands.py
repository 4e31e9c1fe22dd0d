"""Every command there is, by who sees it, in the order of the menus: help and Telegram's lists are made of these."""

COMMANDS = (
    *("start", "tanya", "program", "pelatihan", "daftar", "jadwal", "peluang", "langganan"),
    *("cek", "petugas", "profil", "data", "bahasa", "bantuan", "batal"),
)
"""Everybody's."""

IN_GROUPS = ("tanya", "cek", "bantuan")
"""Those that are answered in a group too, as their menu shows; the others lead to the private chat."""

OFFICERS = ("siaran", "antrean", "hadir", "laporan")
"""Officers' own, in their private chats; for anybody else they do not exist."""

IN_STAFF_GROUPS = ("selesai", "tarik")
"""Officers' own, in the groups they work in."""
