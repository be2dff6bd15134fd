"""Rates, settings, and provinces with their cities."""

from chaobiao._contract.operation import Page
from chaobiao.energy import GetSettings, ListProvinces, ListRates, Rate, Settings, UpdateRate, UpdateSettings
from chaobiao.energy import Province as ProvinceWithCities
from chaobiao_mock.energy.resources import changed, given
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.registry import Handlers

handlers = Handlers()


@handlers.serves(UpdateRate)
def update_rate(state: EnergyState, op: UpdateRate) -> None:
    rates = state.tables.rates
    rates.replace(op.id, changed(state.quirks, rates.get(op.id), op))


@handlers.serves(ListRates)
def list_rates(state: EnergyState, _: ListRates) -> Page[Rate]:
    return Page([*state.tables.rates])


@handlers.serves(GetSettings)
def get_settings(state: EnergyState, _: GetSettings) -> Settings:
    return state.settings


@handlers.serves(UpdateSettings)
def update_settings(state: EnergyState, op: UpdateSettings) -> None:
    state.settings = Settings(**given(op))


@handlers.serves(ListProvinces)
def list_provinces(state: EnergyState, _: ListProvinces) -> Page[ProvinceWithCities]:
    return Page(state.documented.rows(ProvinceWithCities, "regions"))
