"""The layout of the table that goes to the unit's own platform: which columns, in which order, under which headings."""

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.roster.models.base import Base
from shared.database import Json

CODES = ("name", "day", "came", "left", "minutes", "hours", "project", "place", "role", "person_id")
USUAL: tuple[dict[str, str], ...] = (
    {"code": "name", "head": "姓名"},
    {"code": "day", "head": "服务日期"},
    {"code": "project", "head": "项目名称"},
    {"code": "place", "head": "服务地点"},
    {"code": "role", "head": "服务内容"},
    {"code": "came", "head": "开始时间"},
    {"code": "left", "head": "结束时间"},
    {"code": "hours", "head": "服务时长（小时）"},
)
ONLY = "layout"


class HandoverLayout(Base):
    """One row, once a coordinator has said what the platform wants; `columns` are [{code, head}]."""

    __tablename__ = "handover_layout"

    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    columns: Mapped[list[dict[str, Any]]] = mapped_column(Json())
