/**
 * How `npm run dist` packs the application. Only what is native is packed beside the bundle, and of that only what this
 * system loads. The fuses switch off what an attacker who can start the packed program could otherwise use: running it
 * as plain Node, debugging it, or replacing its code.
 *
 * Signing and notarisation come from the environment (docs/desktop.md); without keys the packages are unsigned.
 */
import type { Configuration } from "electron-builder";
import { publisherOf } from "./tools/pack/publisher";
import { azureSigning, signingOf } from "./tools/pack/signing";

const provider = "node_modules/onnxruntime-node/bin/napi-v6";

const tensorFlowJs =
  "{tfjs,tfjs-core,tfjs-layers,tfjs-data,tfjs-converter,tfjs-backend-cpu,tfjs-backend-webgl}";

/**
 * What is packed for a system, whole: electron-builder takes a list that only excludes for "everything but". Of
 * `node_modules` it takes the production dependencies, less what is excluded here.
 */
function filesFor(own: "linux" | "darwin" | "win32"): string[] {
  const others = ["linux", "darwin", "win32"].filter((one) => one !== own);
  return [
    "out/**",
    "package.json",
    "examples/**",
    "!**/*.{map,d.ts,d.mts,d.cts}",
    "!out/**/{.built-from,licenses.json}",
    // ONNX Runtime carries the libraries of five systems; electron-builder puts the one that it packs for in place of `${arch}`.
    ...others.map((one) => `!${provider}/${one}{,/**}`),
    `!${provider}/${own}/!(\${arch}){,/**}`,
    // The same library again, under its long name.
    `!${provider}/darwin/*/libonnxruntime.1.*.dylib`,
    "!node_modules/{onnxruntime-node,@tensorflow/tfjs-node-gpu}/{script,scripts,lib,binding,deps,src}{,/**}",
    // Of TensorFlow.js the one file that Node loads; its native library comes on demand.
    `!node_modules/@tensorflow/${tensorFlowJs}/{src,scripts}{,/**}`,
    `!node_modules/@tensorflow/${tensorFlowJs}/dist/!(*.node.js){,/**}`,
    "!node_modules/@tensorflow/tfjs-node-gpu/dist/**/*_test.js",
    "!node_modules/{core-js,regenerator-runtime,yargs,yargs-parser,argparse,@webgpu,@types}{,/**}",
  ];
}

const signing = signingOf("darwin");
const { homepage, maintainer } = publisherOf();

export default {
  // Not the reverse of a domain, because there is none of ours.
  appId: "gan-workbench.desktop",
  productName: "GAN Workbench",
  copyright: "Copyright © 2026 the GAN Workbench developers",
  artifactName: "gan-workbench-${version}-${os}-${arch}.${ext}",
  extraMetadata: { homepage },
  directories: { output: "dist", buildResources: "build" },
  extraResources: [
    { from: "dist/LICENSES.txt", to: "LICENSES.txt" },
    { from: "build/icons/512x512.png", to: "icon.png" },
  ],
  asar: true,
  // Native libraries are loaded by the system, which cannot look into an archive.
  asarUnpack: [
    // Read by threads, which Electron's reading of archives does not reach.
    "examples/**",
    "node_modules/onnxruntime-node/bin/**",
    "node_modules/@img/**",
    "**/*.node",
  ],
  // Everything native here comes built for Node-API.
  npmRebuild: false,
  publish: null,
  electronLanguages: ["en", "en-US"],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
    // Apple silicon runs nothing whose signature the fuses have broken.
    resetAdHocDarwinSignature: true,
  },
  fileAssociations: [
    {
      ext: "ganrun",
      name: "GAN Workbench Run",
      description: "A training run of GAN Workbench",
      mimeType: "application/x-gan-workbench-run",
      role: "Viewer",
      icon: process.platform === "linux" ? undefined : "icons/icon",
    },
  ],
  linux: {
    target: ["AppImage", "deb", "rpm"],
    files: filesFor("linux"),
    executableName: "gan-workbench",
    icon: "icons",
    category: "Science",
    maintainer,
    vendor: "The GAN Workbench developers",
    synopsis: "Train generative adversarial networks",
    desktop: {
      entry: {
        Keywords: "GAN;machine learning;neural network;training;",
        StartupWMClass: "gan-workbench",
      },
    },
  },
  deb: { packageCategory: "science" },
  mac: {
    target: [
      { target: "dmg", arch: "arm64" },
      { target: "zip", arch: "arm64" },
    ],
    files: filesFor("darwin"),
    icon: "icons/icon.icns",
    category: "public.app-category.developer-tools",
    ...(signing.signed ? {} : { identity: "-" }),
    notarize: signing.notarized,
    hardenedRuntime: signing.signed,
    entitlements: "build/entitlements.plist",
    entitlementsInherit: "build/entitlements.plist",
    minimumSystemVersion: "13.4",
  },
  win: {
    target: ["nsis", "zip"],
    files: filesFor("win32"),
    icon: "icons/icon.ico",
    azureSignOptions: azureSigning(),
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    // Runs and preferences are the user's, and stay.
    deleteAppDataOnUninstall: false,
  },
} satisfies Configuration;
