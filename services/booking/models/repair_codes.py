"""What a volunteer finds and does, as a short list of codes: tapped with dirty hands, counted later.

The list is our own. IRIS, the repair trade's code system, has some hundreds of symptom, section,
defect and repair codes; nobody types those at a bench. A code that is no longer offered stays here
(`offered=False`), so that old tickets keep their words. `said` is what the owner reads.
"""

from dataclasses import dataclass

FOUND, DONE = "found", "done"
KINDS = (FOUND, DONE)
MOST = 12  # codes of one kind on one ticket


@dataclass(frozen=True)
class RepairCode:
    """A finding or an action: a word for the chip, and a kind one for the owner."""

    kind: str
    code: str
    zh: str
    en: str
    said_zh: str
    said_en: str
    offered: bool = True


def _found(code: str, zh: str, en: str, said_zh: str, said_en: str) -> RepairCode:
    return RepairCode(FOUND, code, zh, en, said_zh, said_en)


def _done(code: str, zh: str, en: str, said_zh: str, said_en: str) -> RepairCode:
    return RepairCode(DONE, code, zh, en, said_zh, said_en)


CODES = (
    _found(
        "cord", "电源线插头", "Cord or plug", "电源线或插头坏了", "the cord or plug was damaged"
    ),
    _found("fuse", "保险丝", "Fuse", "保险丝断了", "a fuse had blown"),
    _found("supply", "电源板适配器", "Power supply", "供电部分坏了", "its power supply had failed"),
    _found("battery", "电池", "Battery", "电池老化了", "the battery was worn out"),
    _found(
        "socket", "接口触点", "Socket, contact", "接口或触点不好", "a socket or contact was bad"
    ),
    _found(
        "switch", "开关按键", "Switch, button", "开关或按键坏了", "a switch or button had failed"
    ),
    _found("joint", "虚焊断线", "Joint, wire", "有虚焊或断线", "a joint or wire had come loose"),
    _found("heater", "发热件", "Heating part", "发热的部分坏了", "its heating part had failed"),
    _found("motor", "电机", "Motor", "电机有问题", "the motor had a problem"),
    _found("sensor", "温控传感器", "Sensor", "温控或传感器不准", "a thermostat or sensor was off"),
    _found(
        "board", "电路板", "Circuit board", "电路板上有元件坏了", "a part on its board had failed"
    ),
    _found(
        "screen", "屏幕灯珠", "Screen, LED", "屏幕或灯珠坏了", "the screen or its LEDs had failed"
    ),
    _found("wear", "磨损卡住", "Worn, stuck", "有零件磨损或卡住", "a part was worn or stuck"),
    _found("housing", "外壳松动", "Housing", "外壳或紧固件松了", "the housing was loose or broken"),
    _found("leak", "漏水密封", "Leak, seal", "密封不好，漏水", "a seal was leaking"),
    _found(
        "dirt", "灰尘水垢", "Dirt, scale", "里面灰尘或水垢多", "it was clogged with dirt or scale"
    ),
    _found("wet", "进水受潮", "Water inside", "进过水或受潮", "water had got inside"),
    _found(
        "software", "软件设置", "Software", "软件或设置有问题", "its software or settings were off"
    ),
    _found("no_fault", "没发现毛病", "No fault", "没有发现毛病", "no fault was found"),
    _found("unclear", "没查明", "Not found out", "原因没有查明", "the cause was not found"),
    _done("cleaned", "清洁", "Cleaned", "清洁了", "cleaned it"),
    _done("dried", "除湿烘干", "Dried", "做了除湿", "dried it"),
    _done("resoldered", "补焊", "Resoldered", "补焊了", "resoldered a joint"),
    _done("rewired", "接线换线", "Rewired", "重新接了线", "rewired it"),
    _done("replaced", "换零件", "Replaced part", "换了零件", "replaced a part"),
    _done("lubricated", "上油", "Lubricated", "上了油", "lubricated it"),
    _done("adjusted", "调整紧固", "Adjusted", "调整、紧固了", "adjusted and tightened it"),
    _done("glued", "粘补", "Glued", "粘补了", "glued it"),
    _done("reset", "重置升级", "Reset, update", "重置或升级了", "reset or updated it"),
    _done("measured", "检查测量", "Measured", "打开检查、测量了", "opened it and measured"),
    _done("advised", "教使用", "Advised", "讲了怎么用、怎么保养", "explained its use and care"),
    _done("nothing", "没有动", "Nothing", "没有改动", "left it as it was"),
)
BY_KIND = {kind: {one.code: one for one in CODES if one.kind == kind} for kind in KINDS}
