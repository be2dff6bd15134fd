"""Products (产品), production batches (生产批次), outputs (产量), and statistics of them."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen, mixin
from chaobiao._contract.operation import Acknowledgement, ObjectOperation, RowsOperation
from chaobiao._wire.codecs import NUMERIC_FLAG, TIME_OR_TEXT, Flag
from chaobiao.energy.amounts import TimedPeriod
from chaobiao.energy.codecs import TIME_INDEX, Index
from chaobiao.energy.codes import EnergyKind, OutputAmount, ReturnFormat, SummaryBy
from chaobiao.energy.endpoint import create, delete, get, update
from chaobiao.energy.shapes import DeleteById, EnergyPage, required_if
from chaobiao.errors import InvalidArgument


@frozen
class Product(Record):
    """A product (产品), as section 8.1 lists it."""

    id: int | None = cell("id", "主键", "Id of the product.", number=True, example=1)
    name: str | None = cell("Product_Name", "产品名称", "Name of the product.", example="钢板")
    unit: str | None = cell("Product_Unit", "计量单位", "Unit in which output is counted.", example="吨")
    remarks: str | None = cell("Remarks", "产品备注", "Remarks.")


@frozen
class ProductForm(ObjectOperation[Acknowledgement]):
    """What can be set of a product."""

    name: str = arg("Product_Name", "产品名称", "Name of the product; must be new.", check=checks.text)
    unit: str | None = arg("Product_Unit", "计量单位", "Unit of its output.", default=None, check=checks.any_text)
    remarks: str | None = arg("Remarks", "产品备注", "Remarks.", default=None, check=checks.any_text)

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@get("/api_3/products", section="8.1", call="products.list", title="获取产品信息")
@frozen
class ListProducts(EnergyPage[Product]):
    """List the products."""


@create("/api_3/products", section="8.2", call="products.create", title="添加产品信息", look_up="products.list")
@frozen
class CreateProduct(ProductForm):
    """Create a product; its id is in products.list."""


@update("/api_3/products", section="8.3", call="products.update", title="修改产品信息")
@frozen
class UpdateProduct(ProductForm):
    """Change a product. What is not given stays as it is; an empty text clears a field."""

    id: int = arg("id", "主键", "Id of the product, from products.list.", kw_only=False, check=checks.whole(0))


@delete("/api_3/products", section="8.4", call="products.delete", title="删除产品信息")
@frozen
class DeleteProduct(DeleteById):
    """Delete a product. A server may raise StillInUse while outputs refer to it."""


@frozen
class Output(Record):
    """An output (产量): what a machine made of a product in a batch, as section 8.5 lists it."""

    id: int | None = cell("id", "主键", "Id of the output.", number=True, example=1)
    product_id: int | None = cell("Product_id", "产品主键", "Id of the product.", number=True, example=1)
    amount: int | None = cell("Total_Amount", "产量", "Amount, in the unit of the product.", number=True, example=500)
    machine_id: int | None = cell("Meter_Superior_id", "机器主键", "Id of the machine.", number=True, example=3)
    start: datetime | None = cell("Time_Start", "开始时间", "Begin.", example="2019-04-01 08:00:00")
    end: datetime | None = cell("Time_End", "结束时间", "End.", example="2019-04-01 16:00:00")
    created_at: datetime | None = cell("Create_Time", "录入时间", "When it was entered.", example="2019-04-01 16:05:00")
    batch_id: int | None = cell("ProductBatch_id", "生产批次主键", "Id of the batch.", example="1")


@mixin
class Span:
    """A begin and an end of production."""

    start: datetime = arg("Time_Start", "开始时间", "Begin.", check=checks.moment, example="2019-04-01 08:00:00")
    end: datetime = arg(
        "Time_End", "结束时间", "End, not before the begin.", check=checks.moment, example="2019-04-01 16:00:00"
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("start", self.start, "end", self.end)


@frozen
class OutputForm(Span, ObjectOperation[Acknowledgement]):
    """What can be set of an output."""

    product_id: int = arg("Product_id", "产品主键id", "Id of the product.", check=checks.whole(0))
    amount: int = arg("Total_Amount", "产量", "Amount, in the unit of the product.", check=checks.whole(0), example=500)
    machine_id: int = arg("Meter_Superior_id", "机器主键id", "Id of the machine.", check=checks.whole(0))
    batch_id: int = arg("ProductBatch_id", "生产批次主键id", "Id of the batch.", check=checks.whole(0))

    @property
    def reference(self) -> str:
        """Product, machine, batch and begin."""
        return f"product {self.product_id}, machine {self.machine_id}, batch {self.batch_id}, {self.start:%F %T}"


@get("/api_3/product_output", section="8.5", call="outputs.list", title="获取产品产量信息")
@frozen
class ListOutputs(EnergyPage[Output]):
    """List the outputs."""

    batch: str | None = arg(
        "Production_Batch", "生产批次", "Only outputs of this batch.", default=None, check=checks.text
    )
    product: str | None = arg(
        "Product_Name", "产品名称", "Only outputs of this product.", default=None, check=checks.text
    )


@create("/api_3/product_output", section="8.6", call="outputs.create", title="录入产品产量信息", look_up="outputs.list")
@frozen
class CreateOutput(OutputForm):
    """Enter an output; its id is in outputs.list."""


@update("/api_3/product_output", section="8.7", call="outputs.update", title="修改产品产量信息")
@frozen
class UpdateOutput(OutputForm):
    """Change an output."""

    id: int = arg("id", "主键", "Id of the output, from outputs.list.", kw_only=False, check=checks.whole(0))


@delete("/api_3/product_output", section="8.8", call="outputs.delete", title="删除产品产量信息")
@frozen
class DeleteOutput(DeleteById):
    """Delete an output."""


@frozen
class Batch(Record):
    """A production batch (生产批次), as section 8.10 lists it."""

    id: int | None = cell("id", "主键", "Id of the batch.", number=True, example=1)
    name: str | None = cell("Production_Batch", "生产批次", "Name of the batch.", example="20190401-1")
    start: datetime | str | None = cell(
        "Time_Start", "开始时间", "Begin.", codec=TIME_OR_TEXT, example="2019-04-01 08:00:00"
    )
    end: datetime | str | None = cell("Time_End", "结束时间", "End.", codec=TIME_OR_TEXT, example="2019-04-01 16:00:00")


@get("/api_3/productsBatch", section="8.10", call="batches.list", title="获取生产批次")
@frozen
class ListBatches(EnergyPage[Batch]):
    """List the batches."""


@create("/api_3/productsBatch", section="8.11", call="batches.create", title="添加生产批次", look_up="batches.list")
@frozen
class CreateBatch(Span, ObjectOperation[Acknowledgement]):
    """Create a batch; its id is in batches.list."""

    name: str = arg("Production_Batch", "生产批次", "Name of the batch; must be new.", check=checks.text)

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@update("/api_3/productsBatch", section="8.12", call="batches.update", title="修改生产批次")
@frozen
class UpdateBatch(ObjectOperation[Acknowledgement]):
    """Change a batch. What is not given stays as it is; the document does not say what is required."""

    id: int = arg("id", "主键", "Id of the batch, from batches.list.", kw_only=False, check=checks.whole(0))
    name: str | None = arg("Production_Batch", "生产批次", "Name of the batch.", default=None, check=checks.text)
    start: datetime | None = arg(
        "Time_Start", "开始时间", "Begin.", default=None, check=checks.moment, example="2019-04-01 08:00:00"
    )
    end: datetime | None = arg(
        "Time_End",
        "结束时间",
        "End, not before the begin.",
        default=None,
        check=checks.moment,
        example="2019-04-01 16:00:00",
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("start", self.start, "end", self.end)


@delete("/api_3/productsBatch", section="8.13", call="batches.delete", title="删除生产批次")
@frozen
class DeleteBatch(DeleteById):
    """Delete a batch. A server may raise StillInUse while outputs refer to it."""


@mixin
class Statistics:
    """Which amounts statistics of output return, and in which order."""

    product: str | None = arg("Product_Name", "产品名称", "Only this product.", default=None, check=checks.text)
    machine: str | None = arg("Meter_Superior", "机器名称", "Only this machine.", default=None, check=checks.text)
    is_ordered: bool | None = arg(
        "Is_Order",
        "根据总量排序",
        "Whether rows are sorted by amount.",
        default=None,
        check=checks.flag,
        codec=NUMERIC_FLAG,
    )
    ascending: bool | None = arg(
        "Order_Type",
        "排序方式",
        "Whether small amounts come first; sent as 1, else 2.",
        default=None,
        check=checks.flag,
        codec=Flag(1, 2),
    )
    limit: int | None = arg("Limit", "返回数据个数", "The most rows to return.", default=None, check=checks.whole(1))
    amount_type: OutputAmount = arg(
        "Amount_Type", "返回总量的类型", "The amount to return.", check=checks.one_of(OutputAmount), example=1
    )
    energy_kind: EnergyKind | None = arg(
        "Energy_Type",
        "能源类型",
        "Kind of energy: required for amount_type ENERGY and ENERGY_PER_UNIT, and only then.",
        default=None,
        check=checks.one_of(EnergyKind),
    )

    def _check_kind(self) -> None:
        required_if(
            "energy_kind",
            self.energy_kind,
            self.amount_type in (OutputAmount.ENERGY, OutputAmount.ENERGY_PER_UNIT),
            "for amount_type ENERGY and ENERGY_PER_UNIT",
            " amount_type 为 ENERGY 或 ENERGY_PER_UNIT ",
        )


@frozen
class OutputStatistic(Record):
    """An amount of output or energy (产量统计), as section 8.9 lists it."""

    product: str | None = cell("Product_Name", "产品名称", "Name of the product.", example="钢板")
    machine: str | None = cell("Meter_Superior", "机器名称", "Name of the machine.", example="机器1")
    time: Index | None = cell(
        "Time", "时间下标", "Step of the period.", codec=TIME_INDEX, example="2019-04-01 13:00:00"
    )
    amount: Decimal | None = cell("Total_Amount", "总量", "The amount; a fraction for amounts per unit.", number=True)


@get("/api_3/product_output_energy_statistic", section="8.9", call="outputs.statistics", title="获取产品产量统计信息")
@frozen
class GetOutputStatistics(Statistics, TimedPeriod, RowsOperation[OutputStatistic]):
    """List amounts of output, or of energy for output, in a period."""

    summary_by: SummaryBy = arg(
        "Summary_Type",
        "汇总方式",
        "What amounts are added up by; not BATCH.",
        check=checks.one_of(SummaryBy),
        example=0,
    )
    return_format: ReturnFormat = arg(
        "Return_Format",
        "返回格式",
        "One total, or an amount for each step of the period.",
        check=checks.one_of(ReturnFormat),
        example=1,
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self._check_kind()
        if self.summary_by is SummaryBy.BATCH:
            raise InvalidArgument(
                "summary_by", "must not be BATCH: see batches.statistics", "不能为 BATCH，请使用 batches.statistics"
            )
        if self.amount_type is OutputAmount.EFFICIENCY:
            raise InvalidArgument(
                "amount_type",
                "must not be EFFICIENCY: see batches.statistics",
                "不能为 EFFICIENCY，请使用 batches.statistics",
            )
        if self.is_ordered and self.return_format is not ReturnFormat.TOTAL:
            raise InvalidArgument(
                "is_ordered",
                "is only for use with {other} TOTAL; leave it out, or sort the rows",
                "仅在 {other} 为 TOTAL 时有效，请省略，或自行排序",
                other="return_format",
            )


@frozen
class BatchStatistic(Record):
    """An amount of output or energy of a batch (批次产量统计), as section 8.14 lists it."""

    batch: str | None = cell("Production_Batch", "批次名称", "Name of the batch.", example="20190401-1")
    product: str | None = cell("Product_Name", "产品名称", "Name of the product.", example="钢板")
    machine: str | None = cell("Meter_Superior", "机器名称", "Name of the machine.", example="机器1")
    amount: Decimal | None = cell("Total_Amount", "总量", "The amount; a fraction for amounts per unit.", number=True)


@get(
    "/api_3/productsBatch_output_energy_statistic",
    section="8.14",
    call="batches.statistics",
    title="获取批次产量统计信息",
)
@frozen
class GetBatchStatistics(Statistics, RowsOperation[BatchStatistic]):
    """List amounts of output, or of energy for output, of a batch."""

    batch: str = arg("Production_Batch", "批次名称", "Name of the batch.", kw_only=False, check=checks.text)
    summary_by: SummaryBy = arg(
        "Summary_Type", "汇总方式", "What amounts are added up by.", check=checks.one_of(SummaryBy), example=0
    )

    def __attrs_post_init__(self) -> None:
        self._check_kind()
