"""What MediaPipe (0.10.21) gets out of nets with operators of its own, which LiteRT alone cannot run.

Runs in the reference's environment, which has no BlazeRig:
    .venv-reference/bin/python tests/reference/nets.py OUT.npz IN.npz

IN holds RGB crops of a net's size, uint8 (N, H, W, 3), under "PATH OUTPUTS": the net's path below
`mediapipe/modules` and the number of its outputs. OUT holds these in the order of the file, flat, (N, L),
under "PATH NUMBER". Pixel values become 0 to 1.
"""

import argparse
from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.python import packet_creator, packet_getter
from mediapipe.python._framework_bindings import resource_util

GRAPH = """
input_stream: "image"
node {
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image"
  output_stream: "TENSORS:crop"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: %(width)d output_tensor_height: %(height)d
    output_tensor_float_range { min: 0 max: 1 }
  } }
}
node {
  calculator: "TfLiteCustomOpResolverCalculator"
  output_side_packet: "OP_RESOLVER:operators"
}
node {
  calculator: "InferenceCalculatorCpu"
  input_stream: "TENSORS:crop"
  input_side_packet: "OP_RESOLVER:operators"
  output_stream: "TENSORS:outputs"
  options { [mediapipe.InferenceCalculatorOptions.ext] {
    model_path: "mediapipe/modules/%(path)s" delegate { xnnpack {} }
  } }
}
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "outputs"
  %(streams)s
  options { [mediapipe.SplitVectorCalculatorOptions.ext] { %(ranges)s } }
}
%(floats)s
"""
FLOATS = """
node {
  calculator: "TensorsToFloatsCalculator"
  input_stream: "TENSORS:output_%(number)d"
  output_stream: "FLOATS:floats_%(number)d"
}
"""


def main():
    parser = argparse.ArgumentParser(description="MediaPipe's nets on crops")
    parser.add_argument("out")
    parser.add_argument("crops")
    options = parser.parse_args()
    resource_util.set_resource_dir(str(Path(mp.__file__).parents[1]))
    found = {}
    with np.load(options.crops) as inputs:
        for name, crops in inputs.items():
            path, count = name.split()
            outputs = run(path, int(count), crops)
            found.update({f"{path} {number}": values for number, values in enumerate(outputs)})
    np.savez_compressed(options.out, **found)


def run(path, count, crops):
    """The outputs of one net, each (N, L)."""
    graph = mp.CalculatorGraph(graph_config=config(path, count, *crops.shape[1:3]))
    rows = [[] for _ in range(count)]
    for number, values in enumerate(rows):
        graph.observe_output_stream(
            f"floats_{number}",
            lambda _, packet, values=values: values.append(packet_getter.get_float_list(packet)),
        )
    graph.start_run()
    for time, crop in enumerate(crops):
        image = packet_creator.create_image_frame(image_format=mp.ImageFormat.SRGB, data=crop)
        graph.add_packet_to_input_stream("image", image.at(time))
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return [np.array(values, np.float32) for values in rows]


def config(path, count, height, width):
    numbers = range(count)
    return GRAPH % {
        "path": path,
        "height": height,
        "width": width,
        "streams": "\n".join(f'output_stream: "output_{number}"' for number in numbers),
        "ranges": "\n".join(f"ranges {{ begin: {number} end: {number + 1} }}" for number in numbers),
        "floats": "".join(FLOATS % {"number": number} for number in numbers),
    }


if __name__ == "__main__":
    main()
