"""Meters, readings and recharges of the prepaid platform as a JSON service with FastAPI.

Start it with ``python -m uvicorn --app-dir examples web_service:app``, and read ``/docs`` for its routes. Run one
process only: the platform's interval of two seconds is kept for each process, not between them. The service has no
login of its own; put it behind something that has one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from math import ceil
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from chaobiao import AsyncJrhsz, ChaobiaoError, DuplicateOrder, InvalidArgument, OutcomeUnknown, RetryLater

Rows = list[dict[str, Any]]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold one client for all requests: they share its login, its pacing and its connections."""
    # A call whose turn would come later than this fails at once, and the caller is told when to come back.
    async with AsyncJrhsz(deadline=5) as client:
        app.state.client = client
        yield


app = FastAPI(title="Meters", lifespan=lifespan)


def client_of(request: Request) -> AsyncJrhsz:
    """Return the service's client."""
    client: AsyncJrhsz = request.app.state.client
    return client


Client = Annotated[AsyncJrhsz, Depends(client_of)]


@app.get("/meters")
async def meters(client: Client) -> Rows:
    """List all meters."""
    return await client.meters.list().to_dicts()


@app.get("/residents/{user_code}/meters")
async def resident_meters(user_code: str, client: Client) -> Rows:
    """Return a resident's meters with their newest readings and balances."""
    return (await client.residents.get(user_code)).to_dicts()


@app.get("/meters/{table_no}/readings")
async def readings(table_no: str, begin: datetime, end: datetime, client: Client) -> Rows:
    """List a meter's readings in a period; times without an offset are China Standard Time."""
    return await client.meters.readings(table_no=table_no, begin=begin, end=end).to_dicts()


class Order(BaseModel):
    """A recharge. ``order_number`` is the caller's own, and recorded there before this is sent."""

    #: Text such as "10.00": a JSON number would become a binary float.
    amount: str
    order_number: str


@app.post("/residents/{user_code}/recharges", status_code=HTTPStatus.CREATED)
async def recharge(user_code: str, order: Order, client: Client) -> dict[str, str]:
    """Recharge an account."""
    await client.recharges.create(user_code, amount=order.amount, order_number=order.order_number)
    return {"order_number": order.order_number}


@app.exception_handler(ChaobiaoError)
async def failed(request: Request, error: ChaobiaoError) -> JSONResponse:
    """Tell the caller what to do next, as the error's class does."""
    facts: dict[str, Any] = {"error": type(error).__name__, "message": error.message, "hint": error.hint}
    headers: dict[str, str] = {}
    match error:
        case InvalidArgument():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            facts["argument"] = error.argument
        case RetryLater():  # nothing was carried out
            status = HTTPStatus.SERVICE_UNAVAILABLE
            headers["Retry-After"] = str(ceil(error.wait or 2))
        case OutcomeUnknown() | DuplicateOrder():  # find out first; not 5xx, which proxies and HTTP clients may retry
            status = HTTPStatus.CONFLICT
            facts["reference"] = error.reference
        case _:  # the account or the platform: nothing that the caller could change
            status = HTTPStatus.BAD_GATEWAY
            facts["code"] = error.code
    return JSONResponse(facts, status, headers)
