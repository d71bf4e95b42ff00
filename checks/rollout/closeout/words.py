"""The words of a closeout, in English and Chinese."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[str, ...] = get_args(Language)

_WORDS: Mapping[str, tuple[str, str]] = {
    "closeout": ("Closeout", "收尾记录"),
    "fact": ("Fact", "事实"),
    "value": ("Value", "取值"),
    "read-at": ("Read at", "来源"),
    "time": ("UTC", "时间（UTC）"),
    "source-commit": ("Source commit", "源码提交"),
    "registry-digest": ("Registry digest", "镜像仓库摘要"),
    "gitops-revision": ("GitOps revision", "GitOps 修订"),
    "argo-revision": ("Argo CD revision", "Argo CD 修订"),
    "runtime-digest": ("Runtime digest", "运行时摘要"),
    "catalog-commit": ("Catalog's source commit", "制品目录的源码提交"),
    "merge-commit": ("PR merge commit", "PR 合并提交"),
    "pipelinerun": ("PipelineRun", "PipelineRun"),
    "current-tip": ("Current tip", "当前分支头"),
    "ancestry": ("Ancestor proof", "祖先证明"),
    "started": ("Started", "开始时间"),
    "ended": ("Ended", "结束时间"),
    "target-validation": ("targetValidation", "targetValidation（目标校验）"),
    "mirror-status": ("Mirror status", "镜像仓（mirror）状态"),
    "runtime": ("Runtime", "运行时"),
    "health": ("Health and public probe", "健康与公开探针"),
    "next": ("Next", "下一步"),
    "none": ("nothing: the lane is whole", "无：链路完整"),
    "none-in-part": ("nothing: what the lane has agrees", "无：已有的环节都一致"),
    "next-tip": ("prove the branch's tip, and close out on that", "证明当前分支头，据此收尾"),
    "unknown": ("not known", "未知"),
    "absent": ("absent", "不适用"),
    "over": ("Over budget", "超出时限"),
    "budget": ("Budget", "时限"),
    "elapsed": ("Total elapsed", "总耗时"),
    "waited": ("PipelineRun wait", "PipelineRun 等待"),
    "seconds": ("s", "秒"),
    "not-told": ("no tool tells it", "没有工具给出"),
    "completeness": ("Completeness", "完整性"),
    "all-read": ("All sources of the lane were read.", "该链路的所有来源均已读取。"),
    "unread": ("Could not be read:", "未能读取："),
    "chain": ("Chain", "环节表"),
    "checks": ("Checks that are not upheld", "未成立的检查"),
    "node": ("Node", "节点"),
    "state": ("State", "状态"),
    "expected": ("Expected", "预期"),
    "observed": ("Observed", "实际"),
    "evidence": ("Evidence", "证据"),
    "run": ("Run", "运行"),
    "head": ("Head", "链头摘要"),
    "verify": ("Verify", "验证"),
    "colon": (": ", "："),
    "gap": (" ", ""),
    "within": (" ({})", "（{}）"),
    "stop": (".", "。"),
    "inconclusive": ("inconclusive", "无法判定"),
    "is-violated": ("violated", "违反"),
    "agrees": ("agrees", "一致"),
    "superseded": ("superseded", "已被取代"),
    "broken": ("BROKEN", "断开"),
    "pending": ("pending", "进行中"),
    "ok": (
        "**The lane is whole**: every link agrees, from the source to what runs.",
        "**链路完整**：从源码到运行时，每一环都一致。",
    ),
    "in-part": (
        "**What the lane has agrees**: every link that was looked at.",
        "**已有的环节都一致**：看过的每一环都一致。",
    ),
    "has-no": (
        "**Declared absent**, and not looked at:",
        "**声明为没有**，因此没有查看：",
    ),
    "is-superseded": (
        "**SUPERSEDED**: a later commit is the branch's tip. This is no ground for closing.",
        "**已被取代**：分支头是更新的提交，不能据此收尾。",
    ),
    "is-broken": ("**BROKEN**: the first broken link is", "**断开**：第一处断开的环节是"),
    "is-pending": (
        "**PENDING**: the rollout is on its way; nothing is proved yet.",
        "**进行中**：发布尚未完成，还没有任何结论。",
    ),
    "is-unknown": (
        "**NOT PROVED**: something could not be looked at.",
        "**未证实**：有来源无法查看。",
    ),
    "is-moving": (
        "**MOVED**: refs moved while they were looked at; this is of no one moment.",
        "**观察期间移动**：观察时引用发生了移动，不是同一时刻的状态。",
    ),
    "violated": (
        "**CHECKS VIOLATED**: this is no ground for closing:",
        "**有检查被违反**：不能据此收尾：",
    ),
    "lacks": ("**CLOSEOUT INCOMPLETE**: not stated:", "**收尾不完整**：缺少："),
    "incomplete": ("**INCOMPLETE RUN**:", "**运行不完整**："),
    "replay": (
        "**REPLAY**: what an earlier run saw was judged again; nothing was looked at.",
        "**重放**：对早先运行所见重新判断，没有重新观察。",
    ),
}

_SAID: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(said), told)
    for said, told in (
        (r"the commit is the tip", "该提交就是分支头"),
        (r"the lane names no merge that is closed out", "链路没有指定要收尾的合并"),
        (r"no status command of the lane tells of (.+)", r"链路没有命令给出 \1"),
        (r"it was not looked at", "没有查看"),
        (r"could not look: (.+)", r"无法查看：\1"),
        (r"as `(.+)` tells", r"由 `\1` 给出"),
        (r"not reached: (.+)", r"未能到达：\1"),
        (r"not there by digest: (.+)", r"按摘要找不到：\1"),
    )
)
"""What facts say in words of ours, and how it reads in Chinese; all else is told as it is."""


def said(text: str, language: Language) -> str:
    """Return what a fact says, in the language as far as it is in words of ours."""
    if language == "en":
        return text
    found = ((pattern.fullmatch(text), told) for pattern, told in _SAID)
    return next((one.expand(told) for one, told in found if one), text)


def word(name: str, language: Language) -> str:
    """Return a word of a closeout; what has none is told as it is."""
    told = _WORDS.get(name)
    return name if told is None else told[LANGUAGES.index(language)]
