/**
 * ONNX Runtime's binaries report every session to Microsoft, and keep an identifier of the machine, unless this variable
 * is set before they load. A program's entry imports this: what a thread sets in its own copy no binary sees.
 */
process.env.ORT_DISABLE_TELEMETRY = "1";
