"""Requests to the agent in a student's kernel, and their answers as values."""

from __future__ import annotations

import builtins
import importlib
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder.errors import AutograderError, BadAnswer, GraderError, HiddenTestBug
from autograder.examiner.functions import Functions
from autograder.examiner.generators import Generators
from autograder.examiner.operators import Operators
from autograder.examiner.proxy import BASES, DataProxy, Proxy
from autograder.examiner.raised import (
    MEMORY_ERRORS,
    ExceptionClass,
    ExceptionClasses,
    Raised,
    student_error,
)
from autograder.examiner.signatures import signature_from
from autograder.examiner.solution_trace import SolutionTrace
from autograder.sandbox.inside import _grading_parts as parts
from autograder.sandbox.inside import _grading_wire as wire
from autograder.sandbox.inside._grading_sharing import Shared, Unshared
from autograder.sandbox.processor import Clock, no_clock

Ask = Callable[[str, str], str]
"""Sends one request's text to the agent, with a name for time-outs; returns the answer's text."""

MAX_ITERATIONS = 100_000
"""Items that a hidden test may get out of one object in a kernel."""
MAX_PRINTED = 100_000
"""Characters that are read of what one request printed."""
MAX_ASKED = 100_000
"""Calls of a test's function during one call of the student's."""
_MAX_PROXIES = 100_000
_INPUT = builtins.input
_MAX_ASKED_BACK = 10_000
"""Items of lists, dicts and sets among the arguments of a call that are asked back after it."""
_LARGE_BLOCK, _SMALL_BLOCK = 4096, 16
_SMALL = (bool, int, float, str, type(None))
_MAX_DEPTH = 8
_MUTABLE = (list, dict, set, np.ndarray)


class Link:
    """A hidden test's connection to a kernel.

    Args:
        ask: sends a request; see `autograder.sandbox.session.KernelSession.ask`.
        trace: what the lab's own solution did in this test; by default nothing is known.
        modules: names of modules that are this process' own wherever the kernel has one.
        clock: returns the processor time that the kernel has used.
    """

    def __init__(
        self,
        ask: Ask,
        trace: SolutionTrace | None = None,
        *,
        modules: Collection[str] = (),
        clock: Clock = no_clock,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self.trace = trace or SolutionTrace()
        self.decoding = False
        self.memory_ran_out = False
        """Whether a request of the test at hand ended for want of memory."""
        self._is_aside = False
        self.argument_changed = False
        """Whether a call of the test at hand changed an argument that the solution leaves alone."""
        self._undo: list[tuple[Any, Any]] | None = None
        self.lab_class: Callable[[str], type | None] = lambda _: None
        """Gives the lab's own class of a name, if this process has made it."""
        self._modules = modules
        self.packages = {"keras", "tensorflow", *(name.partition(".")[0] for name in modules)}
        self._functions = Functions()
        self._proxies: dict[tuple[int, str, str], Proxy] = {}
        self._generators = Generators(self._make_generator)
        self._classes = ExceptionClasses(_number_of)

    def begin(self, trace: SolutionTrace) -> None:
        """Start a new test over the same kernel; functions passed before stay, their time is reset.

        Args:
            trace: what the lab's own solution did in the test.
        """
        self.trace = trace
        self.memory_ran_out = False
        self.argument_changed = False
        self._functions.begin()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Do not set seeds in the kernel within the block, in which a lab's cell runs here."""
        before, self._is_aside = self._is_aside, True
        try:
            yield
        finally:
            self._is_aside = before

    @contextmanager
    def changes_kept(self) -> Iterator[None]:
        """Apply the student's changes of a test's arguments to the test's own objects in the block.

        Afterwards all changes are undone, so that no later test sees them.
        """
        undo: list[tuple[Any, Any]] = []
        self._undo = undo
        try:
            yield
        finally:
            self._undo = None
            for own, before in reversed(undo):
                _fill(own, before)

    def defined(self, names: Sequence[str]) -> list[str]:
        """Return those of some global names that the student's kernel has."""
        found = self._request({"op": "defined", "names": list(names), "keep": ""}, "dir").get(
            "value"
        )
        known = found if type(found) is list else []
        return [name for name in names if name in known]

    def look_up(self, name: str) -> Any:
        """Return the value of a global name in the student's kernel: plain data or a proxy.

        Args:
            name: the name.

        Raises:
            StudentError: ``NameError``, if the name is not defined there.
        """
        answer = self._request({"op": "get", "name": name}, name)
        if "missing" in answer:
            raise student_error("NameError", ("NameError", "Exception"), f"{name} is not defined")
        value = self._own_module(self._value(answer))
        if isinstance(value, Proxy):
            object.__setattr__(value, "_examiner_name", name)
        return value

    def _own_module(self, value: Any) -> Any:
        """Return this process' module in place of the kernel's, if the lab imports it."""
        if not (isinstance(value, Proxy) and value._examiner_handle.type_name == "module"):
            return value
        name = self.apply("getattr", value, "__name__")
        return importlib.import_module(name) if name in self._modules else value

    def module(self, name: str) -> Any:
        """Return a module as the kernel has it, imported there if need be.

        Raises:
            StudentError: it cannot be imported there.
        """
        load = self.apply("getattr", self.look_up("__builtins__"), "__import__")
        return load(name, {}, {}, ["__name__"])

    def unbind(self, name: str) -> None:
        """Take a global name out of the student's kernel, as ``del`` does."""
        self._request({"op": "unbind", "name": name}, name)

    def bind(self, name: str, value: Any) -> None:
        """Bind a global name in the student's kernel to plain data or to what lies there."""
        self._request({"op": "bind", "name": name, "value": value}, name)

    def seed(self, library: str, function: str, value: Any) -> None:
        """Seed a library's global generator in the kernel."""
        request = {"op": "seed", "library": library, "function": function, "seed": value}
        if not self._is_aside:
            self._request(request, function)

    def _make_generator(self, number: int, state: dict[str, Any]) -> None:
        request = {"op": "generator", "number": number, "state": state, "keep": ""}
        self._request(request, "a random generator")

    def call(self, target: Proxy, args: Any, kwargs: Any) -> tuple[Any, tuple[Any, ...]]:
        """Call a function in the kernel; return its result and the arrays that it changed in place.

        If the lab's own solution changes an argument, the test's object is changed as well; any
        other change sets `argument_changed`.

        Args:
            target: the function's proxy.
            args: the positional arguments.
            kwargs: the keyword arguments.

        Returns:
            The result, and the positions or names of the changed arrays.

        Raises:
            StudentFailure: the call raised, took too long or ended the kernel.
        """
        places = {**dict(enumerate(args)), **kwargs}
        back = [p for p, own in places.items() if type(own) in _MUTABLE and self._changes(p)]
        parts = {"args": list(args), "kwargs": dict(kwargs)}
        everything = self.trace.learns or self._undo is not None or _small(places.values())
        parts["back"] = "all" if everything else back
        answer = self._request({"op": "call", "target": target, **parts}, target._examiner_name)
        for place, now in _pairs(answer.get("after")):
            if place in places:
                known, own = self.trace.learns or place in back, places[place]
                if self._write_back(place, own, now, known=known) and answer.get("value") is now:
                    answer["value"] = own
        reported = answer.get("changed")
        changed = [p for p in reported if type(p) in (int, str)] if type(reported) is list else []
        found = tuple(p for p in dict.fromkeys(changed) if p in places)
        self.argument_changed |= any(p not in back for p in found)
        return self._value(answer), found

    def timed_call(
        self, target: Proxy, seed: int, first: np.ndarray[Any, Any], args: Any, kwargs: Any
    ) -> tuple[Any, float]:
        """Return the result of a call and its seconds, without sending large arrays meanwhile.

        The seconds are processor time of all processes in the kernel's sandbox, which grows little
        with the load on the machine. If that is unknown, or a process or thread began or ended
        meanwhile, they are wall time. The kernel draws the first argument itself, from a seed that
        it learns with the call, and keeps a resulting array. The array is fetched afterwards and
        must not have changed.

        Args:
            target: the function.
            seed: what the first argument was drawn from; see `_grading_parts.drawn_array`.
            first: the first argument.
            args: the arguments after it.
            kwargs: the keyword arguments.

        Raises:
            BadAnswer: the result is not plain data, or an array that changed after the call.
        """
        drawn = (seed, first.shape, first.dtype.str)
        request = {"op": "timed", "target": target, "args": args, "kwargs": kwargs, "drawn": drawn}
        before, started = self._clock(), time.perf_counter()
        answer = self._request(request, target._examiner_name)
        seconds, after = time.perf_counter() - started, self._clock()
        if before is not None and after is not None:
            used = after.seconds_since(before)
            seconds = seconds if used is None else used
        value = answer.get("value")
        if isinstance(value, Proxy):
            fetch = {"op": "plain", "target": value, "keep": ""}
            value = self._request(fetch, target._examiner_name).get("value")
            if type(value) is not np.ndarray or parts.digest(value) != answer.get("digest"):
                raise BadAnswer(
                    f"{target._examiner_name} gave no array, or one that changed afterwards"
                )
        return value, seconds

    def _changes(self, place: int | str) -> bool:
        return self.trace.has(f"change {place!r}")

    def _write_back(self, place: int | str, own: Any, now: Any, *, known: bool) -> bool:
        """Change a test's own argument as the kernel changed it, where that is to be done."""
        if type(now) is not type(own) or _holds(now, own):
            return False
        if self._text_of(now, shared=Unshared()) == self._text_of(own, shared=Unshared()):
            return False
        if known:
            self.trace.note(f"change {place!r}")
        else:
            self.argument_changed = True
            if self._undo is None:
                return False
            self._undo.append((own, own.copy()))
        _fill(own, now)
        return True

    def apply(self, operator: str, *operands: Any) -> Any:
        """Apply an operator in the kernel, such as an attribute or an item, and return its result.

        Args:
            operator: a name of `autograder.sandbox.inside._grading_operators`.
            *operands: proxies and plain data.

        Raises:
            StudentFailure: the operator raised, took too long or ended the kernel.
        """
        request = {"op": "apply", "operator": operator, "operands": list(operands)}
        return self._value(self._request(request, _name_of(operands)))

    def plain(self, target: Operators) -> Any:
        """Return the data of an object whose class extends a plain type, as that type.

        Data of an immutable type are fetched only once, so that they stay the same.

        Args:
            target: the object's proxy.

        Raises:
            BadAnswer: the data are not of that type.
        """
        if target._examiner_data:
            return target._examiner_data[0]
        request = {"op": "plain", "target": target, "keep": ""}
        value = self._request(request, target._examiner_name).get("value")
        if type(value) is not BASES.get(target._examiner_handle.base):
            raise BadAnswer(f"a {target._examiner_handle.type_name} that is none")
        if type(value) not in _MUTABLE:
            object.__setattr__(target, "_examiner_data", (value,))
        return value

    def signature(self, target: Proxy) -> Any:
        """Return the signature of a callable in the kernel."""
        request = {"op": "signature", "target": target, "keep": ""}
        answer = self._request(request, target._examiner_name)
        return signature_from(answer.get("value"))

    def items(self, target: Proxy) -> Iterator[Any]:
        """Yield the items of anything that can be iterated over in the kernel, fetched in blocks.

        Blocks begin with one item and grow, so that an endless generator can be looked into.

        Raises:
            BadAnswer: there are more items than ``MAX_ITERATIONS``.
        """
        count, got, name = 1, 0, target._examiner_name
        rest: Any = target
        while True:
            answer = self._request({"op": "iter", "target": rest, "count": count}, name)
            items, rest = answer.get("value"), answer.get("rest")
            if type(items) is not list or len(items) > count:
                raise BadAnswer("items that are no list")
            yield from items
            got += len(items)
            if got > MAX_ITERATIONS:
                raise BadAnswer(f"{name} gives more than {MAX_ITERATIONS:,} items")
            if not items or not isinstance(rest, Proxy):
                return
            small = all(type(item) in _SMALL or isinstance(item, Proxy) for item in items)
            block = _LARGE_BLOCK if small else _SMALL_BLOCK
            count = min(2 * count, block, MAX_ITERATIONS - got + 1)

    def next_item(self, target: Proxy) -> Any:
        """Return the next item of an iterator in the kernel.

        Raises:
            StopIteration: the iterator is at its end.
            BadAnswer: the kernel sent something other than an item.
        """
        answer = self._request({"op": "next", "target": target}, target._examiner_name)
        items = answer.get("value")
        if type(items) is not list or len(items) > 1:
            raise BadAnswer("a next item that is none")
        if not items:
            raise StopIteration
        return items[0]

    def _value(self, answer: dict[str, Any]) -> Any:
        own_exception = self._classes.class_for(answer.get("class"))
        return answer.get("value") if own_exception is None else own_exception

    def _request(self, request: dict[str, Any], what: str) -> dict[str, Any]:
        """Send a request, call the functions that the kernel asks for, and return the answer."""
        keep = "own" if self.trace.learns else "any" if self.trace.has("object") else ""
        answer = self._exchange({"keep": keep, **request}, what)
        for _ in range(MAX_ASKED):
            if "error" in answer:
                error = self._classes.error_from(answer["error"])
                self.memory_ran_out |= getattr(error, "type_name", "") in MEMORY_ERRORS
                raise error
            if "asks" not in answer:
                if self.trace.learns and _holds_an_object(answer.get("value")):
                    self.trace.note("object")
                return answer
            reported = self._functions.answer(answer["asks"])
            resume = {"op": "resume", "call": answer.get("call"), "keep": keep}
            answer = self._exchange({**resume, **reported}, what)
        raise BadAnswer(f"{what} calls the test's function more than {MAX_ASKED:,} times")

    def _exchange(self, request: dict[str, Any], what: str) -> dict[str, Any]:
        if builtins.input is not _INPUT:  # the test has replaced it
            request = {**request, "input": builtins.input}
        shared = Shared()
        text = self._text_of(request, what, shared)
        try:
            answer_text = self._ask(text, what)
        except AutograderError:
            raise
        except Exception as error:  # a full disk, no memory: whatever it is, it is not the student
            raise GraderError(f"the kernel could not be asked for {what}: {error!r}") from error
        self.decoding = True
        resolve = self._resolve if request["keep"] else self._bare
        try:
            sent = shared.count
            answer = wire.loads(answer_text, resolve, shared)
            if type(answer) is dict and "asks" in answer:  # a test's function changes no argument
                answer = wire.loads(answer_text, resolve, Shared(withheld=sent))
        except wire.WireError as error:
            raise BadAnswer(str(error)) from None
        finally:
            self.decoding = False
        if type(answer) is not dict:
            raise BadAnswer("the answer is not a message of the examiner's")
        printed = answer.get("printed")
        if type(printed) is str:
            sys.stdout.write(wire.readable(printed, MAX_PRINTED))
        return answer

    def _text_of(self, value: Any, what: str = "the kernel", shared: Shared | None = None) -> str:
        try:
            return wire.dumps(value, self._keep, shared)
        except wire.WireError as error:
            raise HiddenTestBug(f"{what} cannot be asked this: {error}") from error

    def _keep(self, value: Any) -> wire.Handle:
        if isinstance(value, ExceptionClass):
            value = value._examiner_class
        elif isinstance(value, Raised):
            value = value._examiner_object
        if isinstance(value, Proxy):
            return value._examiner_handle
        if isinstance(value, np.random.Generator):
            return self._generators.handle(value)
        if callable(value):
            return self._functions.handle(value)
        if self.lab_class(type(value).__qualname__) is type(value):
            return self._made_in_kernel(value)
        raise wire.WireError(
            f"a {type(value).__name__} cannot be sent to a student's kernel; send numbers, "
            "strings, lists, tuples, dicts, arrays, functions or generators"
        )

    def _made_in_kernel(self, value: Any) -> wire.Handle:
        """Return the handle of a copy in the kernel of an object whose class the lab defines."""
        request = {"op": "make", "class": type(value).__qualname__, "attributes": vars(value)}
        twin = self._request({**request, "keep": ""}, type(value).__qualname__).get("value")
        if not isinstance(twin, Proxy):
            raise BadAnswer(f"a {type(value).__qualname__} that cannot be made")
        return twin._examiner_handle

    def _resolve(self, handle: wire.Handle) -> Any:
        """Return the proxy of an object in the kernel: the same proxy each time."""
        key = (handle.number, handle.type_name, handle.base)
        if key not in self._proxies:
            if len(self._proxies) >= _MAX_PROXIES:
                self._proxies.clear()
            kind = DataProxy if handle.base in BASES else Proxy
            self._proxies[key] = kind(self, handle, handle.type_name)
        return self._proxies[key]

    def _bare(self, handle: wire.Handle) -> Any:
        """Return a plain proxy where data of objects were not requested: they could vary."""
        plain = wire.Handle(handle.number, handle.type_name, handle.callable)
        return Proxy(self, plain, handle.type_name)


def _fill(own: Any, now: Any) -> None:
    """Give a list, dict, set or array the contents of another."""
    if isinstance(own, np.ndarray):
        if (own.shape, own.dtype) == (now.shape, now.dtype) and own.flags.writeable:
            own[...] = now
    elif isinstance(own, list):
        own[:] = now
    else:
        own.clear()
        own.update(now)


def _holds(value: Any, wanted: Any, depth: int = 0) -> bool:
    """Return whether a value is an object or contains it; a list may contain itself."""
    if value is wanted:
        return True
    if type(value) not in (list, tuple, dict) or depth > wire.MAX_DEPTH:
        return False
    parts = value.values() if type(value) is dict else value
    return any(_holds(part, wanted, depth + 1) for part in parts)


def _small(values: Iterable[Any]) -> bool:
    """Return whether the values hold lists, dicts or sets that are small enough to fetch again."""
    sizes = [len(value) for value in values if type(value) in (list, dict, set)]
    return 0 < sum(sizes) <= _MAX_ASKED_BACK


def _holds_an_object(value: Any, depth: int = 0) -> bool:
    if type(value) in (list, tuple, dict) and depth < _MAX_DEPTH:
        parts = value.values() if type(value) is dict else value
        return any(_holds_an_object(part, depth + 1) for part in parts)
    return isinstance(value, Proxy)


def _number_of(value: Any) -> int | None:
    return value._examiner_handle.number if isinstance(value, Proxy) else None


def _name_of(operands: tuple[Any, ...]) -> str:
    names = [part._examiner_name for part in operands if isinstance(part, Proxy)]
    return names[0] if names else "an operator"


def _pairs(reported: Any) -> list[tuple[int | str, Any]]:
    pairs = reported if type(reported) is list else []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if type(pair) is list and len(pair) == 2 and type(pair[0]) in (int, str)
    ]
