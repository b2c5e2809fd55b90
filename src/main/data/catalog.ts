/**
 * The data sets that can be named: what they hold, where they are fetched from, and the MD5 of each official file
 * (as torchvision's datasets/mnist.py lists them). Only the training part is fetched, as the tutorials do.
 */

export interface BuiltIn {
  /** What goes into `settings.data.source`; also the folder below `downloads`. */
  source: string;
  title: string;
  /** One sentence: what it holds and where it comes from. */
  summary: string;
  count: number;
  classes: string[];
  /** Addresses that hold the files, in the order in which they are tried; each ends with a slash. */
  mirrors: string[];
  files: { name: string; md5: string }[];
}

const digitClasses = Array.from({ length: 10 }, (_, digit) => String(digit));

export const strokesListing = {
  source: "strokes",
  title: "Strokes",
  summary:
    "60,000 handwritten digits of 28 x 28, drawn on this machine from our own pen strokes; needs no download.",
  count: 60_000,
  classes: digitClasses,
};

export const builtIns: readonly BuiltIn[] = [
  {
    source: "mnist",
    title: "MNIST",
    summary:
      "60,000 handwritten digits of 28 x 28 by LeCun, Cortes and Burges (CC BY-SA 3.0); 10 MB, downloaded once.",
    count: 60_000,
    classes: digitClasses,
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    files: [
      {
        name: "train-images-idx3-ubyte.gz",
        md5: "f68b3c2dcbeaaa9fbdd348bbdeb94873",
      },
      {
        name: "train-labels-idx1-ubyte.gz",
        md5: "d53e105ee54ea40749a09fcbcd1e9432",
      },
    ],
  },
  {
    source: "fashion-mnist",
    title: "Fashion-MNIST",
    summary:
      "60,000 pictures of clothing of 28 x 28 by Zalando Research (MIT); 26 MB, downloaded once.",
    count: 60_000,
    classes: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ],
    files: [
      {
        name: "train-images-idx3-ubyte.gz",
        md5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
      },
      {
        name: "train-labels-idx1-ubyte.gz",
        md5: "25c81989df183df01b3e8a0aad5dffbe",
      },
    ],
  },
];

export function findBuiltIn(source: string): BuiltIn | undefined {
  return builtIns.find((entry) => entry.source === source);
}
