"""Devices: what there is, in words, and where a block computes."""

import subprocess
import sys

import pytest

from coursekit import devices
from coursekit.devices import Device

PROCESSOR = Device("/CPU:0", "2 processor cores")
TWO_PROCESSORS = """
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

from coursekit import devices

print([device.name for device in devices.devices()])
with devices.on("/CPU:1"):
    inside = tf.ones(3) + 1
print(devices.device_of(inside), devices.device_of(tf.ones(3) + 1))
"""


def test_the_processor_is_among_the_devices_and_in_the_words():
    first = devices.devices()[0]
    assert (first.name, first.kind, first.capability) == ("/CPU:0", "CPU", 0)
    assert "processor core" in first.title
    assert str(first) in devices.describe().splitlines()


@pytest.mark.slow
def test_a_block_computes_on_the_device_that_is_named():
    command = [sys.executable, "-c", TWO_PROCESSORS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['/CPU:0', '/CPU:1']", "/CPU:1 /CPU:0"]


def test_a_device_that_is_not_there_is_refused_where_tensorflow_takes_another():
    import tensorflow as tf

    with tf.device("/GPU:99"):
        elsewhere = tf.ones(3) + 1
    assert devices.device_of(elsewhere) != "/GPU:99"
    refused = pytest.raises(ValueError, match=r"name must be one of /CPU:0.*; got '/GPU:99'")
    with refused, devices.on("/GPU:99"):
        pass


def test_a_place_is_told_of_tensors_and_variables_only():
    import tensorflow as tf

    assert devices.device_of(tf.Variable(1.0)) in [device.name for device in devices.devices()]
    with pytest.raises(TypeError, match="tensor must be a TensorFlow tensor; got list"):
        devices.device_of([1, 2])


def test_without_a_gpu_the_words_say_so():
    told = devices.describe([PROCESSOR])
    assert told.startswith("/CPU:0  2 processor cores\nThere is no GPU")


@pytest.mark.parametrize(
    ("capability", "says"), [(6.1, "does not gain"), (7.0, "gains"), (9, "gains")]
)
def test_a_gpu_is_told_with_what_float16_brings(capability, says):
    card = Device("/GPU:0", "NVIDIA T4", capability)
    told = devices.describe([PROCESSOR, card])
    assert f"/GPU:0  NVIDIA T4, compute capability {capability:g}: {says} from float16" in told
    assert told.endswith("TensorFlow computes on the GPU by itself.")


def test_of_two_gpus_the_first_is_used():
    cards = [Device(f"/GPU:{number}", "NVIDIA T4", 7.5) for number in range(2)]
    assert devices.describe([PROCESSOR, *cards]).endswith("computes on the first GPU by itself.")


def test_importing_the_module_loads_no_tensorflow():
    code = "import sys, coursekit.devices; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
