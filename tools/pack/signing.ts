/**
 * Whether a package is signed, as the environment has it, and what its users will see where it is not. The variables
 * are electron-builder's own (docs/desktop.md).
 */
export type PackedSystem = "linux" | "darwin" | "win32";

export interface Signing {
  signed: boolean;
  /** macOS only: whether Apple is asked to look at the package. */
  notarized: boolean;
  /** For who builds: what was found, and what it means to who installs. */
  sentence: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function signingOf(
  system: PackedSystem,
  variables: Variables = process.env,
): Signing {
  const has = (...names: string[]) => names.every((name) => variables[name]);
  switch (system) {
    case "linux":
      return {
        signed: false,
        notarized: false,
        sentence:
          "Linux packages are not signed; SHA256SUMS is what its users can check.",
      };
    case "darwin":
      return macSigning(
        has("CSC_LINK") || has("CSC_NAME"),
        has("APPLE_API_KEY", "APPLE_API_KEY_ID", "APPLE_API_ISSUER") ||
          has("APPLE_ID", "APPLE_APP_SPECIFIC_PASSWORD", "APPLE_TEAM_ID"),
      );
    case "win32": {
      const signed = has("WIN_CSC_LINK") || has("CSC_LINK") || isAzure(has);
      return {
        signed,
        notarized: false,
        sentence: signed
          ? "Signed for Windows; SmartScreen may still ask until the name is known."
          : 'Not signed for Windows (no WIN_CSC_LINK, CSC_LINK or AZURE_*): SmartScreen says "Windows protected your PC", and its users must choose "More info" and "Run anyway".',
      };
    }
    default:
      return system satisfies never;
  }
}

/** Azure's signing service, from the variables that its own tools read and three that name the account. */
export function azureSigning(variables: Variables = process.env) {
  const has = (...names: string[]) => names.every((name) => variables[name]);
  if (!isAzure(has)) return null;
  return {
    endpoint: variables.AZURE_SIGNING_ENDPOINT ?? "",
    codeSigningAccountName: variables.AZURE_SIGNING_ACCOUNT ?? "",
    certificateProfileName: variables.AZURE_SIGNING_PROFILE ?? "",
    publisherName: variables.AZURE_SIGNING_PUBLISHER ?? "",
  };
}

function isAzure(has: (...names: string[]) => boolean): boolean {
  return has(
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_SIGNING_ENDPOINT",
    "AZURE_SIGNING_ACCOUNT",
    "AZURE_SIGNING_PROFILE",
    "AZURE_SIGNING_PUBLISHER",
  );
}

function macSigning(signed: boolean, canNotarize: boolean): Signing {
  const notarized = signed && canNotarize;
  const opening =
    'its users see "Apple could not verify GAN Workbench" and must allow it in System Settings, Privacy & Security, "Open Anyway"';
  if (notarized)
    return {
      signed,
      notarized,
      sentence: "Signed for macOS and sent to Apple to be notarised.",
    };
  return {
    signed,
    notarized,
    sentence: signed
      ? `Signed for macOS but not notarised (no APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER): ${opening}.`
      : `Signed ad hoc for macOS only (no CSC_LINK or CSC_NAME), and not notarised: ${opening}.`,
  };
}
