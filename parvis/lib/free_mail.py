"""Mail providers where anyone can open a mailbox: their domains never stand for an organisation."""

_DOMAINS = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr hotmail.co.uk live.com live.fr live.be
    msn.com yahoo.com yahoo.fr yahoo.co.uk yahoo.de yahoo.es yahoo.it ymail.com rocketmail.com
    icloud.com me.com mac.com aol.com
    aol.fr gmx.com gmx.fr gmx.de gmx.net web.de t-online.de freenet.de mail.com mail.ru yandex.ru yandex.com proton.me
    protonmail.com protonmail.ch pm.me tutanota.com tuta.io tuta.com mailo.com mailo.fr netcourrier.com laposte.net
    free.fr orange.fr wanadoo.fr sfr.fr neuf.fr club-internet.fr numericable.fr bbox.fr aliceadsl.fr noos.fr voila.fr
    cegetel.net dbmail.com posteo.net posteo.de mailbox.org fastmail.com fastmail.fm zoho.com hey.com duck.com skynet.be
    telenet.be proximus.be bluewin.ch libero.it virgilio.it tiscali.it alice.it telefonica.net ziggo.nl kpnmail.nl
    btinternet.com sky.com virginmedia.com ntlworld.com comcast.net verizon.net att.net qq.com 163.com 126.com
    naver.com seznam.cz wp.pl o2.pl onet.pl interia.pl abv.bg ukr.net mailinator.com yopmail.com yopmail.fr
    guerrillamail.com temp-mail.org 10minutemail.com jetable.org trashmail.com maildrop.cc
    """.split()  # noqa: SIM905 - a hundred quoted names are harder to read and to keep sorted
)


def is_free_mail(domain: str) -> bool:
    """Say whether a canonical domain, or one above it, is a public mail provider."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in _DOMAINS for start in range(len(labels) - 1))
