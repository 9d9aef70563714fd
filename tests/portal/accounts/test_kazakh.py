"""No English is shown in Kazakh or Russian: texts of Django and allauth, our pages, every fault of every form."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core import mail
from django.test import Client
from django.utils import formats, translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext, npgettext

from boget.portal.accounts import services
from tests.portal.accounts.conftest import EMAIL, PASSWORD
from tests.portal.accounts.test_second_factor import activate

PORTAL = Path(services.__file__).resolve().parents[1]

SINGLE = """
Enter a valid value.
Enter a valid URL.
Enter a valid email address.
Enter a valid integer.
Enter a whole number.
Enter a number.
Enter a valid domain name.
Enter a valid date.
Enter a valid time.
Enter a valid date/time.
Enter a valid duration.
Enter a complete value.
Enter a valid UUID.
Enter a list of values.
Null characters are not allowed.
This field is required.
This field cannot be null.
This field cannot be blank.
Ensure this value is %(limit_value)s (it is %(show_value)s).
Ensure this value is less than or equal to %(limit_value)s.
Ensure this value is greater than or equal to %(limit_value)s.
Ensure this value is a multiple of step size %(limit_value)s.
File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.
Upload a valid image. The file you uploaded was either not an image or a corrupted image.
Please either submit a file or check the clear checkbox, not both.
No file was submitted.
The submitted file is empty.
%(model_name)s with this %(field_labels)s already exists.
%(model_name)s with this %(field_label)s already exists.
Select a valid choice. %(value)s is not one of the available choices.
Select a valid choice. That choice is not one of the available choices.
“%(pk)s” is not a valid value.
“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format.
The number of days must be between {min_days} and {max_days}.
Order
Change
Delete
That page number is not an integer
That page number is less than 1
That page contains no results
Invalid page (%(page_number)s): %(message)s
Forbidden
CSRF verification failed. Request aborted.
Date out of range
Password
Password confirmation
New password
New password confirmation
Old password
Password reset
Password reset sent
Password reset unsuccessful
Password reset complete
Password change
Password change successful
Password reset on %(site_name)s
Enter new password
Logged out
Email
email address
username
first name
last name
user
A user with that username already exists.
Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.
Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.
Please enter a correct %(username)s and password. Note that both fields may be case-sensitive.
Your old password was entered incorrectly. Please enter it again.
The two password fields didn’t match.
The password is too similar to the %(verbose_name)s.
Your password can’t be too similar to your other personal information.
This password is too common.
Your password can’t be a commonly used password.
This password is entirely numeric.
Your password can’t be entirely numeric.
Enter the same password as before, for verification.
You must type the same password each time.
now
tomorrow
yesterday
"""
PLURAL = [
    ("This password is too short. It must contain at least %d character.", "characters."),
    ("Your password must contain at least %(min_length)d character.", "characters."),
    ("Ensure this value has at least %(limit_value)d character (it has %(show_value)d).", "characters"),
    ("Ensure this value has at most %(limit_value)d character (it has %(show_value)d).", "characters"),
    ("Ensure that there are no more than %(max)s digit in total.", "digits"),
    ("Ensure that there are no more than %(max)s decimal place.", "places"),
    ("Ensure that there are no more than %(max)s digit before the decimal point.", "digits"),
    ("Ensure this filename has at most %(max)d character (it has %(length)d).", "characters"),
    ("Please submit at most %(num)d form.", "forms."),
    ("%(num)d year", "years"),
    ("%(num)d month", "months"),
    ("%(num)d week", "weeks"),
    ("%(num)d day", "days"),
    ("%(num)d hour", "hours"),
    ("%(num)d minute", "minutes"),
    ("an hour ago", "hours ago"),
    ("a minute ago", "minutes ago"),
]
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(autouse=True)
def _kazakh():
    with translation.override("kk"):
        yield


def find_english(text: str) -> list[str]:
    """Latin words but for placeholders."""
    return LATIN.findall(re.sub(r"%\(\w+\)[sd]|\{\w+\}|UUID|URL|CSRF|%[sd]", "", text))


@pytest.mark.parametrize("text", SINGLE.strip().splitlines())
def test_a_text_of_django_is_kazakh(text):
    assert gettext(text) != text
    assert not find_english(gettext(text))
    assert "қолданушы" not in gettext(text).lower() and "құпия сөз" not in gettext(text).lower()


@pytest.mark.parametrize(("singular", "plural"), PLURAL)
def test_a_counted_text_is_kazakh_and_the_same_for_one_and_many(singular, plural):
    one, many = ngettext(singular, plural, 1), ngettext(singular, plural, 5)
    assert one == many
    assert not find_english(one)


def test_names_of_months_and_days():
    months = [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ]
    assert [str(MONTHS_ALT[n]) for n in range(1, 13)] == months
    assert [str(MONTHS[n]) for n in range(1, 13)] == months
    assert [str(WEEKDAYS[n]) for n in range(7)] == ["дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"]
    assert [str(WEEKDAYS_ABBR[n]) for n in range(7)] == ["дс", "сс", "ср", "бс", "жм", "сб", "жс"]
    for table in (MONTHS_3, MONTHS_AP):
        assert all(months[n - 1].startswith(str(table[n]).rstrip(".")) or n == 1 for n in range(1, 13))


def test_time_to_come_takes_the_ablative_and_time_past_does_not():
    assert npgettext("naturaltime-future", "%(num)d day", "%(num)d days", 3) == "%(num)d күннен"
    assert npgettext("naturaltime-past", "%(num)d day", "%(num)d days", 3) == "%(num)d күн"
    day = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert timesince(day - dt.timedelta(days=16), day) == "2\xa0апта, 2\xa0күн"


# --- dates and numbers ---

MOMENT = dt.datetime(2026, 11, 22, 14, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "date", "moment", "month", "day"),
    [
        ("kk", "2026 жылғы 22 қараша", "2026 жылғы 22 қараша, 14:05", "2026 жылғы қараша", "22 қараша"),
        ("ru", "22 ноября 2026 г.", "22 ноября 2026 г. 14:05", "Ноябрь 2026 г.", "22 ноября"),
        ("en", "22 November 2026", "22 November 2026, 14:05", "November 2026", "22 November"),
    ],
)
def test_dates(language, date, moment, month, day):
    with translation.override(language):
        assert formats.date_format(MOMENT.date()) == date
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == moment
        assert formats.date_format(MOMENT.date(), "YEAR_MONTH_FORMAT") == month
        assert formats.date_format(MOMENT.date(), "MONTH_DAY_FORMAT") == day
        assert formats.date_format(MOMENT.date(), "SHORT_DATE_FORMAT") == "22.11.2026"
        assert formats.date_format(MOMENT, "SHORT_DATETIME_FORMAT") == "22.11.2026 14:05"
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize(
    ("language", "shown"), [("kk", "1\xa0234\xa0567,50"), ("ru", "1\xa0234\xa0567,50"), ("en", "1,234,567.50")]
)
def test_numbers(language, shown):
    with translation.override(language):
        assert formats.number_format(1234567.5, decimal_pos=2, force_grouping=True) == shown


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["22.11.2026", "22.11.26", "2026-11-22"])
def test_dates_are_read_as_people_write_them(language, typed):
    from django.forms import DateField

    with translation.override(language):
        assert DateField().clean(typed) == dt.date(2026, 11, 22)


# --- pages and faults of forms ---

# what may stand in Latin letters on a Kazakh page: the name, addresses, codes, the endonym of English
ALLOWED = re.compile(
    r"Boget|UTC|TOTP|QR|English|mes\b|ministry|[\w.+-]+@[\w.-]+|https?://\S+|test-[a-z-]+|\b[A-Z2-7]{32}\b|\b[0-9a-f]{8,}\b"
)


def read_main(response) -> str:
    page = response.content.decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL)[0]
    title = re.search(r"<title>(.*?)·", page, re.DOTALL)[1]
    labels = " ".join(re.findall(r'(?:aria-label|placeholder|title)="([^"]*)"', main))
    main = re.sub(r'<[a-z]+ lang="(?:en|ru)"[^>]*>.*?</[a-z]+>', " ", main, flags=re.DOTALL)
    return " ".join([title, labels, re.sub(r"<[^>]+>", " ", main)])


def find_latin(response) -> list[str]:
    return LATIN.findall(ALLOWED.sub("", read_main(response)))


@pytest.fixture
def secretary(ministry):
    from boget.portal.core.services import SYSTEM

    ministry.__class__.objects.filter(pk=ministry.pk).update(name_kk="Министрлік", note="")
    user = services.create_user(email=EMAIL, name="Айгерім", by=SYSTEM, language="kk", password=PASSWORD)
    services.add_membership(user, ministry, role="secretary", valid_from=dt.date(2022, 1, 21), by=SYSTEM)
    return user


@pytest.fixture
def kazakh(secretary) -> Client:
    client = Client(headers={"accept-language": "kk"})
    client.post("/accounts/sign-in/", {"login": EMAIL, "password": PASSWORD})
    return client


OUTSIDE = ["sign-in/", "password/reset/", "password/reset/sent/", "password/reset/done/", "closed/", "organisations/",
           "organisations/ministry/", "password/set/1-abc-def/", "organisations/?q=жоқ"]  # fmt: skip
INSIDE = ["me/", "sign-out/", "confirm/", "password/change/", "2fa/", "organisations/new/", "organisations/ministry/",
          "organisations/ministry/rename/", "people/", "people/new/"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", OUTSIDE)
def test_pages_for_everybody(ministry, path):
    ministry.__class__.objects.update(name_kk="Министрлік")
    assert find_latin(Client(headers={"accept-language": "kk"}).get("/accounts/" + path)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", INSIDE)
def test_pages_of_the_secretary(kazakh, path):
    response = kazakh.get("/accounts/" + path)
    assert response.status_code == 200
    assert find_latin(response) == []


@pytest.mark.django_db
def test_pages_of_a_person(kazakh, secretary):
    membership = secretary.memberships.get()
    base = f"/accounts/people/{secretary.pk}/"
    assert find_latin(kazakh.get(base)) == []
    assert find_latin(kazakh.get(f"{base}roles/{membership.pk}/end/")) == []
    link = kazakh.post(f"{base}link/")
    assert find_latin(link) == []
    key = re.search(r"http://testserver(/accounts/password/set/[^<\s]+)", link.content.decode())[1]
    page = Client(headers={"accept-language": "kk"}).get(key, follow=True)
    assert find_latin(page) == []


@pytest.mark.django_db
def test_pages_of_the_second_factor(kazakh):
    shown = activate(kazakh)[1]
    assert find_latin(shown) == []
    for path in ("2fa/", "2fa/off/", "2fa/recovery-codes/new/", "me/", "2fa/confirm/?next=/accounts/2fa/off/"):
        assert find_latin(kazakh.get("/accounts/" + path)) == [], path
    kazakh.post("/accounts/sign-out/")
    kazakh.post("/accounts/sign-in/", {"login": EMAIL, "password": PASSWORD})
    assert find_latin(kazakh.get("/accounts/2fa/code/")) == []
    for code in ("", "000000", "\x00", "1" * 41):
        assert find_latin(kazakh.post("/accounts/2fa/code/", {"code": code})) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("sign-in/", {}),
        ("sign-in/", {"login": "жоқ", "password": "х"}),
        ("sign-in/", {"login": "a@b.kz", "password": "\x00"}),
        ("sign-in/", {"login": "a@b.kz", "password": "х" * 300}),
        ("sign-in/", {"login": "a@b.kz", "password": "қате құпиясөз"}),
        ("sign-in/", {"login": "a" * 300 + "@b.kz", "password": "х"}),
        ("password/reset/", {}),
        ("password/reset/", {"email": "х"}),
    ],
)
def test_faults_at_the_door(ministry, path, values):
    response = Client(headers={"accept-language": "kk"}).post("/accounts/" + path, values)
    assert response.status_code == 422
    assert find_latin(response) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("password/change/", {}),
        ("password/change/", {"oldpassword": "қате", "password1": "1", "password2": "2"}),
        ("password/change/", {"oldpassword": PASSWORD, "password1": "123456789012345", "password2": "х"}),
        ("password/change/", {"oldpassword": PASSWORD, "password1": "administrator", "password2": "х"}),
        ("password/change/", {"oldpassword": PASSWORD, "password1": EMAIL, "password2": "х"}),
        ("password/change/", {"oldpassword": PASSWORD, "password1": "бір ұзақ сөйлем 1", "password2": "басқа"}),
        ("confirm/", {"password": "қате"}),
        ("me/", {"group": "theme", "theme": "қызыл"}),
        ("organisations/new/", {}),
        ("organisations/new/", {"code": "ministry", "kind": "патша", "name_ru": "х" * 301, "valid_from": "ертең"}),
        ("organisations/new/", {"code": "Қате код", "valid_from": "2.2.2020", "valid_to": "1.1.2020", "name_ru": "\x00"}),
        ("organisations/ministry/rename/", {"first_day": "1.1.2020"}),
        ("people/new/", {}),
        ("people/new/", {"email": EMAIL, "role": "патша", "organisation": "99", "valid_from": "х", "language": "тіл"}),
    ],
)
def test_faults_inside(kazakh, path, values):
    response = kazakh.post("/accounts/" + path, values)
    assert response.status_code == 422
    assert find_latin(response) == []


@pytest.mark.django_db
def test_faults_of_roles(kazakh, secretary, ministry):
    base = f"/accounts/people/{secretary.pk}/roles/"
    same = {"organisation": ministry.pk, "role": "secretary", "valid_from": "22.11.2026"}
    for values in ({}, same, {**same, "valid_to": "1.1.2020"}, {"role": "х", "organisation": "х", "valid_from": "х"}):
        response = kazakh.post(base, values)
        assert response.status_code == 422
        assert find_latin(response) == []
    end = f"{base}{secretary.memberships.get().pk}/end/"
    assert find_latin(kazakh.post(end, {"last_day": "1.1.2020"})) == []


@pytest.mark.django_db
def test_the_locked_page(secretary):
    client = Client(headers={"accept-language": "kk"})
    for _ in range(5):
        response = client.post("/accounts/sign-in/", {"login": EMAIL, "password": "қате құпиясөз"})
    assert response.status_code == 429
    assert "15 минуттан кейін" in response.content.decode()
    assert find_latin(response) == []


@pytest.mark.django_db
def test_messages_after_a_change(kazakh):
    fresh = "мүлдем басқа сөйлем 11"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert find_latin(kazakh.post("/accounts/password/change/", form, follow=True)) == []
    assert find_latin(kazakh.post("/accounts/me/", {"group": "theme", "theme": "dark"}, follow=True)) == []


@pytest.mark.django_db
def test_the_mail(secretary):
    Client().post("/accounts/password/reset/", {"email": EMAIL})
    assert LATIN.findall(ALLOWED.sub("", mail.outbox[0].subject + mail.outbox[0].body)) == []


# --- the catalogue ---


def read_catalogue(app: str):
    with (PORTAL / app / "locale" / "kk" / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return [message for message in read_po(stream, locale="kk") if message.id]


def test_borrowed_texts_take_nothing_from_core():
    def key(message):
        return (message.context, message.id if isinstance(message.id, str) else message.id[0])

    borrowed = {key(m) for m in read_catalogue("accounts") if any("borrowed" in c for c in m.user_comments)}
    assert len(borrowed) > 200
    # accounts stands before core, so that a text in both would be shown as here
    assert not borrowed & {key(m) for m in read_catalogue("core")}
