"""How the mock reads requests: in the query, as JSON, as a form; and the images that forms bring."""

import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chaobiao import EnergyManager, ParameterRefused
from chaobiao.energy import UploadMachineImage
from tests.energy.names import MACHINE
from tests.harness.mock_server import LiveMock

PNG = b"\x89PNG\r\n\x1a\n"
IMAGE = PNG + b"\x00\r\n\r\xff--\n"
JSON = {"content-type": "application/json"}
KINDS, AN_IMAGE = "0、1、2、3、4、5、6、7、8", "须为 PNG、JPEG、GIF、BMP 或 WebP 图片文件"


@pytest.fixture
def mock(raw: LiveMock) -> LiveMock:
    """A world in which the requests by hand are logged in."""
    raw.session()
    return raw


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({}, "缺少请求体，须为 JSON 对象"),
        ({"content": b"{", "headers": JSON}, "请求体不是合法的 JSON"),
        ({"content": b"[]", "headers": JSON}, "请求体必须是 JSON 对象"),
        ({"content": b"{}", "headers": JSON}, "缺少参数 Product_Name"),
        ({"data": {"Product_Name": "布"}}, "请求体须为 JSON"),
        ({"files": {"Product_Name": b"x"}}, "请求体须为 JSON"),
        ({"json": {"Product_Name": ["布"]}}, "参数 Product_Name 须为文本，最长 255 个字符，不含控制字符"),
    ],
)
def test_bodies_that_cannot_be_read(mock: LiveMock, how: dict[str, Any], words: str) -> None:
    """Each is 4103 with the rule, and creates nothing."""
    assert mock.http("POST", "/api_3/products", **how).json() == {"Err_No": "4103", "Err_Msg": words}
    assert mock.envelope("products.list")["Total_Numbers"] == "5"


@pytest.mark.parametrize(
    ("method", "arguments", "words"),
    [
        ("meters.list", {"Page_Counts": "-1"}, "参数 Page_Counts 须为不小于 0 的整数"),
        ("meters.list", {"Page_Counts": "one"}, "参数 Page_Counts 须为不小于 0 的整数"),
        ("meters.list", {"Per_Page_Counts": "0"}, "参数 Per_Page_Counts 须为不小于 1 的整数，最多 18 位"),
        ("meters.list", {"Meter_IsCount": "yes"}, "参数 Meter_IsCount 须为 1 或 0"),
        (
            "consumption.totals",
            {"Amount_Value": "0,9"},
            f"参数 Amount_Value 须为以下值：{KINDS}，多个以英文逗号分隔",
        ),
        ("rates.update", {"isSegmentation": "2"}, "参数 isSegmentation 须为 0 或 1"),
        ("rates.update", {"Rate_Value": "1e5"}, "参数 Rate_Value 须为数字，整数与小数部分各最多 18 位"),
        (
            "machines.upload_image",
            {"Machine_Image": "x"},
            f"参数 Machine_Image {AN_IMAGE}",
        ),
    ],
)
def test_arguments_that_break_a_rule(mock: LiveMock, method: str, arguments: dict[str, Any], words: str) -> None:
    """Each is 4103 with the argument's name and the rule."""
    assert mock.envelope(method, **arguments) == {"Err_No": "4103", "Err_Msg": words}


def test_pages_without_numbers_are_the_first_ten(mock: LiveMock) -> None:
    """The documented defaults: ten rows, from the first page; an empty number is none."""
    rows = mock.envelope("meters.list")["Data"]
    assert len(rows) == 10
    assert mock.envelope("meters.list", Page_Counts="")["Data"] == rows
    assert mock.envelope("meters.list", Page_Counts=0, Per_Page_Counts=10)["Data"] == rows


@pytest.mark.parametrize("field", ["remarks", "unit"])
def test_empty_text_clears_a_field(energy: EnergyManager, field: str) -> None:
    """Empty text is a value where a field may be empty; what is not sent stays."""
    energy.products.update(1, name="染色布", **{field: ""})
    (product, *_) = energy.products.list()
    kept = {"remarks": "全棉", "unit": "米"}
    assert {name: getattr(product, name) for name in kept} == {**kept, field: ""}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (IMAGE, "image/png"),
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (PNG + random.Random(5).randbytes(3_000_000), "image/png"),
        (PNG + b"\r\n--boundary--\r\n" * 1_000, "image/png"),
    ],
    ids=["png", "jpeg", "large", "lines"],
)
async def test_an_image_comes_back_as_it_was(
    live_mock: Callable[..., LiveMock], client_kind: str, content: bytes, kind: str
) -> None:
    """2.5 shows an address at which the image is, to the byte, with its type; another one replaces it."""
    mock = live_mock("energy", client_kind)
    client = mock.client()

    async def address() -> str:
        (machine,) = await client.rows("machines.list", id=MACHINE)
        return str(machine.image_url)

    documented = await address()
    assert mock.http("GET", documented).headers["content-type"] == "image/png"
    await client.call("machines.upload_image", MACHINE, image=content)
    uploaded = await address()
    response = mock.http("GET", uploaded)
    assert (response.content, response.headers["content-type"]) == (content, kind)
    assert mock.http("GET", documented).status_code == 404
    await client.call("machines.upload_image", MACHINE, image=IMAGE)
    assert mock.http("GET", uploaded).status_code == 404
    assert mock.http("GET", await address()).content == IMAGE


def test_images_are_checked(mock: LiveMock, energy: EnergyManager) -> None:
    """An unknown machine is 4103, and so are forms that are broken or hold no image."""
    with pytest.raises(ParameterRefused, match="Meter_Superior_id"):
        energy.machines.upload_image(9_999, image=IMAGE)

    def refused(**how: Any) -> str:
        found = mock.request(UploadMachineImage, **how).json()
        assert found["Err_No"] == "4103"
        return str(found["Err_Msg"])

    form = {"Meter_Superior_id": str(MACHINE)}
    assert refused(data=form, files={"Machine_Image": b"text"}).startswith("参数 Machine_Image 须为 PNG")
    assert refused(files={"Machine_Image": IMAGE}) == "缺少参数 Meter_Superior_id"
    kind = {"content-type": "multipart/form-data; boundary=x"}
    unnamed, endless = b"--x\r\n\r\ntext\r\n--x--", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    for content in (b"", b"--x", unnamed, endless):
        assert refused(content=content, headers=kind) == "multipart 表单无法解析"
    assert refused(content=b"", headers={"content-type": "multipart/form-data"}) == "multipart 表单无法解析"


def test_bodies_are_limited(mock: LiveMock) -> None:
    """Images may have ten megabytes; other requests are limited as everywhere."""
    largest = PNG + bytes(10 * 1024 * 1024 - len(PNG))

    def upload(content: bytes) -> httpx.Response:
        files = {"Machine_Image": ("图.png", content, "image/png")}
        return mock.request(UploadMachineImage, data={"Meter_Superior_id": MACHINE}, files=files)

    assert upload(largest).json()["Err_No"] == "0"
    assert upload(largest + b"\x00").json()["Err_No"] == "4103"
    assert upload(largest + bytes(100_000)).status_code == 413
    assert mock.http("POST", "/api_3/products", content=bytes(600_000), headers=JSON).status_code == 413
