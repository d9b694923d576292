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

  private static final int LOWEST_MAJOR_VERSION = 3; // EVP_CIPHER_fetch came with 3.0

  /** Loads the first of {@code fileNames} that is there and new enough. */
  static LibCryptoLoading of(List<String> fileNames) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      // Arrays of longs are handed over as the little-endian bytes they are elsewhere.
      return new LibCryptoLoading(Optional.empty(), Optional.of("the machine is big-endian"));
    }
    String cause = "no file names";
    for (String fileName : fileNames) {
      SymbolLookup symbols;
      try {
        symbols = SymbolLookup.libraryLookup(fileName, Arena.global());
      } catch (IllegalArgumentException e) {
        cause = "no " + String.join(" or ", fileNames) + " found";
        continue;
      }
      int major = majorVersion(symbols);
      if (major >= LOWEST_MAJOR_VERSION) {
        return new LibCryptoLoading(Optional.of(symbols), Optional.empty());
      }
      cause = fileName + " is no libcrypto of OpenSSL 3.0 or newer";
    }
    return new LibCryptoLoading(Optional.empty(), Optional.of(cause));
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
