/**
 * How `npm run dist` packs the application. The fuses switch off what an attacker who can start the packed program
 * could otherwise use: running it as plain Node, debugging it, or replacing its code.
 */

export default {
  appId: "io.github.gan-workbench",
  productName: "GAN Workbench",
  directories: { output: "dist" },
  files: ["out/**", "package.json"],
  asar: true,
  // Native libraries are loaded by the system, which cannot look into an archive.
  asarUnpack: [
    "node_modules/onnxruntime-node/**",
    "node_modules/@tensorflow/**",
    "node_modules/sharp/**",
    "node_modules/@img/**",
  ],
  // Everything native here comes built for Node-API.
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: { target: ["AppImage", "deb"], category: "Science" },
  mac: { target: "dmg", category: "public.app-category.developer-tools" },
  win: { target: "nsis" },
};
