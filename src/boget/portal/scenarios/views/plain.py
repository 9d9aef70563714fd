"""A page that stands in while a screen is being built, with the rights that the screen will have."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from boget.portal.registry.models import Facility
from boget.portal.scenarios.selectors.rights import may_confirm_water, may_request
from boget.portal.scenarios.selectors.runs import read_run


def show_plain(request: HttpRequest, public_id: str = "", form: str = "") -> HttpResponse:
    name = request.resolver_match.url_name if request.resolver_match else ""
    if not request.user.is_authenticated and name != "receiving_water":
        return redirect_to_login(request.get_full_path())
    if name == "repeat" and request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    numbers = [public_id] if public_id else [request.GET[name] for name in "ab" if name in request.GET]
    if name == "receiving_water":
        facility = Facility.objects.visible_to(request.user).filter(public_id=public_id).first()
        is_open = facility is not None and may_confirm_water(request.user, facility)
    elif name == "river_new":
        is_open = may_request(request.user)
    else:
        is_open = all(read_run(request.user, number) for number in numbers)
    if not is_open:
        raise Http404
    return render(request, "scenarios/plain.html")
