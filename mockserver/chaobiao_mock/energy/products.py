"""Products, batches and outputs."""

from chaobiao.energy import (
    Batch,
    CreateBatch,
    CreateOutput,
    CreateProduct,
    DeleteBatch,
    DeleteOutput,
    DeleteProduct,
    ListBatches,
    ListOutputs,
    ListProducts,
    Output,
    Product,
    UpdateBatch,
    UpdateOutput,
    UpdateProduct,
)
from chaobiao_mock.energy.resources import Resource, in_order
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.tables import evolve
from chaobiao_mock.registry import Handlers


def _checked_batch(_: EnergyState, batch: Batch, __: object) -> Batch:
    in_order(batch)
    return batch


def _checked_output(state: EnergyState, output: Output, _: object) -> Output:
    in_order(output)
    return output if output.created_at is not None else evolve(output, created_at=state.clock.now())


def _is_in_batch(state: EnergyState, name: str, output: Output) -> bool:
    return name in (state.tables.batches.get(output.batch_id or 0).name or "")


def _is_of_product(state: EnergyState, name: str, output: Output) -> bool:
    return name in (state.tables.products.get(output.product_id or 0).name or "")


handlers = Handlers(
    {
        **Resource(
            record=Product,
            table=lambda tables: tables.products,
            list=ListProducts,
            create=CreateProduct,
            update=UpdateProduct,
            delete=DeleteProduct,
            defaults={"unit": "", "remarks": ""},
        ).handlers(),
        **Resource(
            record=Batch,
            table=lambda tables: tables.batches,
            list=ListBatches,
            create=CreateBatch,
            update=UpdateBatch,
            delete=DeleteBatch,
            check=_checked_batch,
        ).handlers(),
        **Resource(
            record=Output,
            table=lambda tables: tables.outputs,
            list=ListOutputs,
            create=CreateOutput,
            update=UpdateOutput,
            delete=DeleteOutput,
            filters={"batch": _is_in_batch, "product": _is_of_product},
            check=_checked_output,
        ).handlers(),
    }
)
