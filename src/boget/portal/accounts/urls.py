"""Addresses under /accounts/. The names account_… and mfa_… are those that allauth asks for."""

from django.urls import include, path, re_path

from boget.portal.accounts.views import organisations, own, people, signing

sign_in_patterns = [
    path("sign-in/", signing.sign_in, name="account_login"),
    path("sign-out/", signing.sign_out, name="account_logout"),
    path("closed/", signing.show_inactive, name="account_inactive"),
    path("confirm/", signing.reauthenticate, name="account_reauthenticate"),
    path("password/change/", signing.change_password, name="account_change_password"),
    path("password/reset/", signing.reset_password, name="account_reset_password"),
    path("password/reset/sent/", signing.show_reset_sent, name="account_reset_password_done"),
    path("password/reset/done/", signing.show_reset_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/set/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z-]{1,120})/$",
        signing.reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", signing.show_second_factor, name="mfa_index"),
    path("2fa/code/", signing.enter_code, name="mfa_authenticate"),
    path("2fa/confirm/", signing.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("2fa/on/", signing.activate_totp, name="mfa_activate_totp"),
    path("2fa/off/", signing.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", signing.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/new/", signing.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/file/", signing.download_recovery_codes, name="mfa_download_recovery_codes"),
]

own_patterns = [
    path("me/", own.show_own, name="me"),
    path("organisations/", organisations.list_organisations, name="organisations"),
    path("organisations/new/", organisations.add_organisation, name="organisation_new"),
    path("organisations/<slug:code>/", organisations.show_organisation, name="organisation"),
    path("organisations/<slug:code>/rename/", organisations.rename_organisation, name="organisation_rename"),
    path("people/", people.list_people, name="people"),
    path("people/new/", people.invite_person, name="person_new"),
    path("people/<int:pk>/", people.show_person, name="person"),
    path("people/<int:pk>/link/", people.issue_link, name="person_link"),
    path("people/<int:pk>/activity/", people.set_activity, name="person_activity"),
    path("people/<int:pk>/roles/", people.add_membership, name="membership_new"),
    path("people/<int:pk>/roles/<int:membership_pk>/end/", people.end_membership, name="membership_end"),
]

urlpatterns = [*sign_in_patterns, path("", include((own_patterns, "accounts")))]
