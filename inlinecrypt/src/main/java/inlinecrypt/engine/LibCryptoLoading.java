package inlinecrypt.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * What came of looking for libcrypto: its symbols, or the cause why there are none. A missing
 * library is a value, not an exception, for an engine may be missing.
 *
 * @param symbols there exactly if {@code cause} is not
 */
record LibCryptoLoading(Optional<SymbolLookup> symbols, Optional<String> cause) {
  /** The names of the library on Linux, the one with a version first. */
  static final List<String> FILE_NAMES = List.of("libcrypto.so.3", "libcrypto.so");

  /** What {@link LibCrypto} calls. */
  static final List<String> FUNCTION_NAMES =
      List.of(
          "EVP_CIPHER_fetch",
          "EVP_CIPHER_CTX_new",
          "EVP_CIPHER_CTX_free",
          "EVP_CIPHER_CTX_set_padding",
          "EVP_CIPHER_CTX_ctrl",
          "EVP_CipherInit_ex",
          "EVP_Cipher",
          "EVP_CipherUpdate",
          "EVP_CipherFinal_ex",
          "CRYPTO_zalloc",
          "CRYPTO_clear_free",
          "ERR_clear_error",
          "ERR_get_error",
          "ERR_error_string_n");

  private static final int LOWEST_MAJOR_VERSION = 3; // EVP_CIPHER_fetch came with 3.0

  /** Loads the first of {@code fileNames} that is there, new enough and complete. */
  static LibCryptoLoading of(List<String> fileNames) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      // Arrays of longs are handed over as the little-endian bytes they are elsewhere.
      return failed("the machine is big-endian");
    }
    try {
      return firstOf(fileNames);
    } catch (IllegalCallerException e) {
      return failed("native access is denied (--enable-native-access=ALL-UNNAMED allows it)");
    } catch (UnsupportedOperationException e) {
      return failed("this Java runtime cannot call C functions");
    }
  }

  private static LibCryptoLoading failed(String cause) {
    return new LibCryptoLoading(Optional.empty(), Optional.of(cause));
  }

  private static LibCryptoLoading firstOf(List<String> fileNames) {
    String cause = "no " + String.join(" or ", fileNames) + " found";
    for (String fileName : fileNames) {
      SymbolLookup symbols;
      try {
        symbols = SymbolLookup.libraryLookup(fileName, Arena.global());
      } catch (IllegalArgumentException e) {
        continue; // not there, which says less than what is wrong with one that is
      }
      if (majorVersion(symbols) < LOWEST_MAJOR_VERSION) {
        cause = fileName + " is no libcrypto of OpenSSL 3.0 or newer";
        continue;
      }
      Optional<String> lacking = firstLacking(symbols);
      if (lacking.isEmpty()) {
        return new LibCryptoLoading(Optional.of(symbols), Optional.empty());
      }
      cause = fileName + " has no function " + lacking.get();
    }
    return failed(cause);
  }

  /** The first function that {@code symbols} lacks. */
  static Optional<String> firstLacking(SymbolLookup symbols) {
    return FUNCTION_NAMES.stream().filter(name -> symbols.find(name).isEmpty()).findFirst();
  }

  /** From {@code OpenSSL_version_num()}, whose top four bits it is; 0 if there is none. */
  private static int majorVersion(SymbolLookup symbols) {
    return symbols
        .find("OpenSSL_version_num")
        .map(address -> {
          MethodHandle versionNum =
              Linker.nativeLinker()
                  .downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
          try {
            return (int) ((long) versionNum.invokeExact() >>> 28);
          } catch (Throwable e) {
            throw Downcall.unchecked(e);
          }
        })
        .orElse(0);
  }
}
