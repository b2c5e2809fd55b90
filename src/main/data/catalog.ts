/**
 * The data sets that can be named: what they hold, where they are fetched from, and the MD5 of each official file
 * (as torchvision's datasets/mnist.py lists them). The training part is fetched as the tutorials do; the test part when
 * something is to be judged on it.
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
  files: NamedFile[];
  test: { count: number; files: NamedFile[] };
}

export interface NamedFile {
  name: string;
  md5: string;
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
    test: {
      count: 10_000,
      files: [
        {
          name: "t10k-images-idx3-ubyte.gz",
          md5: "9fb629c4189551a2d022fa330f9573f3",
        },
        {
          name: "t10k-labels-idx1-ubyte.gz",
          md5: "ec29112dd5afa0611ce80d1b7f02629c",
        },
      ],
    },
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
    test: {
      count: 10_000,
      files: [
        {
          name: "t10k-images-idx3-ubyte.gz",
          md5: "bef4ecab320f06d8554ea6380940ec79",
        },
        {
          name: "t10k-labels-idx1-ubyte.gz",
          md5: "bb300cfdad3c16e7a12a480ee83cd310",
        },
      ],
    },
  },
];

export function findBuiltIn(source: string): BuiltIn | undefined {
  return builtIns.find((entry) => entry.source === source);
}
