"""Every look-up of a call goes by an index, so that a million cardholders cost what ten thousand do."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, text

from core.enquiries import catalogue
from core.enquiries.catalogue import CatalogueQuery
from core.records.schema import Drug
from core.values import CardState
from tests.support.core.people import NEW_PIN

# Tables whose size does not grow with the cardholders.
SMALL = {"facts"}


@pytest.fixture
def statements(context):
    """Every statement that the core sends, with its parameters."""
    seen = []
    listener = lambda conn, cursor, statement, parameters, context, many: seen.append((statement, parameters))  # noqa: E731
    event.listen(context.engine, "before_cursor_execute", listener)
    yield seen
    event.remove(context.engine, "before_cursor_execute", listener)


@pytest.fixture
def plan_of(context):
    """plan_of(statement, parameters): how the database would carry it out."""

    def plan(statement: str, parameters) -> str:
        with context.engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if not sqlite:
                # With a handful of rows PostgreSQL rightly reads the table; ask what it would do otherwise.
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            return "\n".join(str(row[-1]) for row in rows)

    return plan


def everything_a_call_can_do(caller, holder) -> None:
    held, lost = holder(), holder(state=CardState.LOSS_REPORTED)
    person = caller.identify(held.id_number, held.pin)
    caller.medical_balance(person)
    caller.unemployment_months(person)
    caller.retirement_benefit(person)
    caller.work_injury_benefit(held.personal_number)
    caller.work_death_benefit(held.personal_number)
    caller.unit_contributions("1")
    caller.needs_id_number(held.suffix, held.pin)
    caller.change_pin(caller.check_original_pin(held.suffix, held.pin), NEW_PIN, NEW_PIN)
    caller.report_loss(person)
    caller.report_loss(caller.identify(lost.id_number, lost.pin))


def test_no_look_up_of_a_call_reads_a_whole_table(caller, holder, statements, plan_of):
    everything_a_call_can_do(caller, holder)
    asked = [(s, p) for s, p in statements if re.match(r"SELECT|UPDATE|DELETE", s)]
    assert len(asked) > 20
    for statement, parameters in asked:
        plan = plan_of(statement, parameters)
        scanned = re.findall(r"^SCAN (?!CONSTANT ROW)(\w+)|Seq Scan on (\w+)", plan, re.MULTILINE)
        tables = {first or second for first, second in scanned} - SMALL
        assert not tables, f"{statement}\nreads all of {tables}:\n{plan}"


@pytest.mark.parametrize("category", ["", "甲"])
def test_r18_a_page_of_the_catalogue_is_read_in_the_order_of_an_index(context, statements, plan_of, category):
    plan = plan_of(*_search(context, statements, CatalogueQuery(category=category)))
    assert "ix_drugs_name_code" in plan
    assert not re.search("^ *(USE TEMP B-TREE|.*Sort )", plan, re.MULTILINE), plan


def test_r18_words_are_looked_for_in_one_look_through_the_catalogue(context, statements, plan_of):
    plan = plan_of(*_search(context, statements, CatalogueQuery("西林 0.5g", "甲")))
    assert len(re.findall(r"\b(?:SCAN|SEARCH|on) drugs\b", plan)) == 1, plan


def _search(context, statements, query: CatalogueQuery):
    with context.transaction() as session:
        catalogue.search(session, Drug, query)
    (asked,) = (statement for statement in statements if "drugs" in statement[0])
    return asked
