"""Addresses of the portfolio."""

from django.urls import path

from parvis.portfolio.views import (
    committees,
    deciding,
    decisions,
    edition,
    entries,
    explore,
    hand_offs,
    incubators,
    network,
    people,
    products,
    proposals,
)

app_name = "portfolio"

_PRODUCT = "portfolio/products/<str:key>"
_LIFE = [
    path("portfolio/investigations/new/", proposals.product_propose, name="product-propose"),
    path(f"{_PRODUCT}/withdraw/", proposals.product_withdraw, name="product-withdraw"),
    path(f"{_PRODUCT}/edit/", edition.product_edit, name="product-edit"),
    path(f"{_PRODUCT}/edit/<slug:part>/", edition.product_edit, name="product-edit-part"),
    path(f"{_PRODUCT}/confirm/", edition.product_confirm, name="product-confirm"),
    path(f"{_PRODUCT}/decide/", deciding.decision_create, name="decision-create"),
    path(f"{_PRODUCT}/decisions/<uuid:pk>/correct/", deciding.decision_correct, name="decision-correct"),
    path(f"{_PRODUCT}/ask-phase/", deciding.review_phase, name="review-phase"),
    path("portfolio/reviews/<uuid:pk>/", deciding.review_detail, name="review-detail"),
    path("portfolio/reviews/<uuid:pk>/answer/", deciding.review_answer, name="review-answer"),
    path("portfolio/reviews/<uuid:pk>/withdraw/", deciding.review_withdraw, name="review-withdraw"),
    path(f"{_PRODUCT}/data/<slug:kind>/", entries.entry_list, name="entry-list"),
    path(f"{_PRODUCT}/data/<slug:kind>/add/", entries.entry_form, name="entry-add"),
    path(f"{_PRODUCT}/data/<slug:kind>/import/", entries.entry_import, name="entry-import"),
    path(f"{_PRODUCT}/data/<slug:kind>/template.csv", entries.entry_template, name="entry-template"),
    path(f"{_PRODUCT}/data/<slug:kind>/<uuid:pk>/", entries.entry_form, name="entry-edit"),
    path(f"{_PRODUCT}/data/<slug:kind>/<uuid:pk>/remove/", entries.entry_remove, name="entry-remove"),
    path(f"{_PRODUCT}/hand-off/", hand_offs.hand_off, name="hand-off"),
    path(f"{_PRODUCT}/hand-off/<uuid:pk>/", hand_offs.hand_off_item, name="hand-off-item"),
    path(f"{_PRODUCT}/papers/add/", committees.paper_add, name="paper-add"),
    path("portfolio/committees/", committees.committee_list, name="committee-list"),
    path("portfolio/committees/new/", committees.committee_form, name="committee-add"),
    path("portfolio/committees/<uuid:pk>/", committees.committee_detail, name="committee-detail"),
    path("portfolio/committees/<uuid:pk>/edit/", committees.committee_form, name="committee-edit"),
    path("portfolio/committees/<uuid:pk>/remove/", committees.committee_remove, name="committee-remove"),
    path("portfolio/committees/<uuid:pk>/papers/add/", committees.committee_paper_add, name="committee-paper-add"),
    path("portfolio/papers/<uuid:pk>/", committees.paper_file, name="paper-file"),
    path("portfolio/papers/<uuid:pk>/remove/", committees.paper_remove, name="paper-remove"),
    path("portfolio/me/name/", people.my_public_name, name="my-public-name"),
    path("portfolio/me/mails/", people.my_notices, name="my-notices"),
]

urlpatterns = [
    path("portfolio/", network.network, name="network"),
    path("portfolio/figures/<slug:key>.csv", network.network_numbers, name="network-numbers"),
    path("portfolio/incubators/", incubators.incubator_list, name="incubator-list"),
    path("portfolio/incubators/<str:key>/", incubators.incubator_detail, name="incubator-detail"),
    path("portfolio/incubators/<str:key>/<slug:what>.csv", incubators.incubator_numbers, name="incubator-numbers"),
    path("portfolio/decisions/", decisions.decisions, name="decisions"),
    path("portfolio/decisions/<str:key>/ask/", decisions.ask_owner, name="ask-owner"),
    path("portfolio/explore/", explore.explore, name="explore"),
    path(f"{_PRODUCT}/", products.product_detail, name="product-detail"),
    path(f"{_PRODUCT}/history/", products.product_history, name="product-history"),
    path(f"{_PRODUCT}/<str:what>.csv", products.product_numbers, name="product-numbers"),
    *_LIFE,
]
