package inlinecrypt.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The functions of OpenSSL's libcrypto that the engine calls, under their C names, results checked.
 *
 * <p>Pointers to libcrypto's own objects are plain longs. Calls per data unit are linked as
 * <em>critical</em>: the thread does not leave Java, which saves some nanoseconds and lets arrays
 * be worked on where they are; the price is that a safepoint waits for the call, which is as long
 * as a data unit or a batch of some KiB takes. Source: the manual pages EVP_EncryptInit(3),
 * EVP_CIPHER_CTX_new(3), OPENSSL_malloc(3), ERR_get_error(3).
 *
 * <p>Initialise this class only where {@link OpenSslEngine#LOADING} has symbols to give.
 */
final class LibCrypto {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CRITICAL = Linker.Option.critical(false);
  private static final Linker.Option CRITICAL_WITH_HEAP = Linker.Option.critical(true);

  private static final SymbolLookup SYMBOLS =
      OpenSslEngine.LOADING
          .symbols()
          .orElseThrow(() -> new IllegalStateException("libcrypto is not loaded"));

  private static final MethodHandle EVP_CIPHER_FETCH =
      link("EVP_CIPHER_fetch", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final MethodHandle EVP_CIPHER_CTX_NEW = link("EVP_CIPHER_CTX_new", JAVA_LONG);
  private static final MethodHandle EVP_CIPHER_CTX_FREE =
      linkVoid("EVP_CIPHER_CTX_free", JAVA_LONG);

  // (ctx, cipher, engine, key, iv, encrypt): with a key, and with an IV only.
  private static final MethodHandle EVP_CIPHER_INIT_KEY =
      link(
          "EVP_CipherInit_ex",
          CRITICAL_WITH_HEAP,
          JAVA_INT,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_INT);
  private static final MethodHandle EVP_CIPHER_INIT_IV =
      link(
          "EVP_CipherInit_ex",
          CRITICAL,
          JAVA_INT,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT);

  // (ctx, out, outl, in, inl), and two segments in registers that the function does not look at.
  private static final MethodHandle EVP_CIPHER_UPDATE =
      link(
          "EVP_CipherUpdate",
          CRITICAL,
          JAVA_INT,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT,
          ADDRESS,
          ADDRESS);

  // (ctx, out, in, inl), and two segments as above.
  private static final MethodHandle EVP_CIPHER =
      link(
          "EVP_Cipher",
          CRITICAL,
          JAVA_INT,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_INT,
          ADDRESS,
          ADDRESS);

  // (ctx, out, outl, in, inl), where out and in may be on the heap.
  private static final MethodHandle EVP_CIPHER_UPDATE_HEAP =
      link(
          "EVP_CipherUpdate",
          CRITICAL_WITH_HEAP,
          JAVA_INT,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          ADDRESS,
          JAVA_INT);
  private static final MethodHandle EVP_CIPHER_CTX_SET_PADDING =
      link("EVP_CIPHER_CTX_set_padding", JAVA_INT, JAVA_LONG, JAVA_INT);
  // (ctx, type, arg, ptr)
  private static final MethodHandle EVP_CIPHER_CTX_CTRL =
      link("EVP_CIPHER_CTX_ctrl", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
  // (ctx, out, outl)
  private static final MethodHandle EVP_CIPHER_FINAL =
      link("EVP_CipherFinal_ex", CRITICAL, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle ERR_CLEAR_ERROR = linkVoid("ERR_clear_error");
  private static final MethodHandle CRYPTO_ZALLOC =
      link("CRYPTO_zalloc", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CRYPTO_CLEAR_FREE =
      linkVoid("CRYPTO_clear_free", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle ERR_GET_ERROR = link("ERR_get_error", JAVA_LONG);
  private static final MethodHandle ERR_ERROR_STRING_N =
      linkVoid("ERR_error_string_n", JAVA_LONG, ADDRESS, JAVA_LONG);

  private static final int DIRECTION_AS_BEFORE = -1; // EVP_CipherInit_ex: leaves it unchanged
  private static final int AEAD_GET_TAG = 0x10; // EVP_CTRL_AEAD_GET_TAG
  private static final int AEAD_SET_TAG = 0x11;
  private static final int NO_PADDING = 0;
  private static final int ERROR_TEXT_BYTES = 256;

  private static final AtomicLong OPEN_CONTEXTS = new AtomicLong();
  private static final AtomicLong OPEN_ALLOCATIONS = new AtomicLong();

  private LibCrypto() {}

  /** Contexts made and not yet freed. */
  static long openContexts() {
    return OPEN_CONTEXTS.get();
  }

  /** Pieces of memory that {@link #allocate} gave and that are not yet freed. */
  static long openAllocations() {
    return OPEN_ALLOCATIONS.get();
  }

  /** The cipher of that name, never freed; 0 if this build of libcrypto has none. */
  static long fetchCipher(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long cipher = (long) EVP_CIPHER_FETCH.invokeExact(0L, arena.allocateFrom(name), 0L);
      if (cipher == 0) {
        ERR_CLEAR_ERROR.invokeExact();
      }
      return cipher;
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
  }

  /** A context that {@code cipher} keys with the bytes of {@code key}, which may be on the heap. */
  static long newContext(long cipher, MemorySegment key, boolean encrypt) {
    long context = newContext();
    try {
      check(
          (int) EVP_CIPHER_INIT_KEY.invokeExact(context, cipher, 0L, key, 0L, encrypt ? 1 : 0),
          "EVP_CipherInit_ex");
      check(
          (int) EVP_CIPHER_CTX_SET_PADDING.invokeExact(context, NO_PADDING),
          "EVP_CIPHER_CTX_set_padding");
      return context;
    } catch (Throwable e) {
      freeContext(context);
      throw Downcall.unchecked(e);
    }
  }

  /** Gives {@code context} another key; cipher and direction stay. */
  static void setKey(long context, MemorySegment key) {
    int result;
    try {
      result = (int) EVP_CIPHER_INIT_KEY.invokeExact(context, 0L, 0L, key, 0L, DIRECTION_AS_BEFORE);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    check(result, "EVP_CipherInit_ex");
  }

  /** Wipes and frees {@code context}. */
  static void freeContext(long context) {
    try {
      EVP_CIPHER_CTX_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    OPEN_CONTEXTS.decrementAndGet();
  }

  /** Starts a message with the IV at {@code ivAddress}; key and direction stay. */
  static void startMessage(long context, long ivAddress) {
    int result;
    try {
      result =
          (int) EVP_CIPHER_INIT_IV.invokeExact(context, 0L, 0L, 0L, ivAddress, DIRECTION_AS_BEFORE);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    check(result, "EVP_CipherInit_ex");
  }

  /**
   * Transforms between native addresses.
   *
   * <p>A bare address does not keep its arena open. So the segments that the addresses lie in come
   * along as arguments that C does not see (the calling conventions of x86-64 and AArch64 leave
   * arguments to the caller), and the linker holds their arenas open for the call: closing one
   * meanwhile throws at the closer. A slice for each call would do the same, and is allocated
   * wherever the compiler has met several kinds of segments.
   *
   * @param countAddress of an int that takes the bytes written
   * @param targetOwner the native segment that {@code target} lies in
   * @param sourceOwner the native segment that {@code source} lies in
   */
  static void transform(
      long context,
      long target,
      long countAddress,
      long source,
      int lengthBytes,
      MemorySegment targetOwner,
      MemorySegment sourceOwner) {
    int result;
    try {
      result =
          (int)
              EVP_CIPHER_UPDATE.invokeExact(
                  context, target, countAddress, source, lengthBytes, targetOwner, sourceOwner);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    check(result, "EVP_CipherUpdate");
  }

  /**
   * As {@link #transform}, for ciphers that take a message in one call. {@code EVP_Cipher} goes to
   * the cipher straight, where {@code EVP_CipherUpdate} checks first what this class sees to: a
   * fiftieth of the time of 4 KiB of AES-256-XTS.
   */
  static void transformAll(
      long context,
      long target,
      long source,
      int lengthBytes,
      MemorySegment targetOwner,
      MemorySegment sourceOwner) {
    int result;
    try {
      result =
          (int)
              EVP_CIPHER.invokeExact(
                  context, target, source, lengthBytes, targetOwner, sourceOwner);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    check(Math.min(result, 1), "EVP_Cipher"); // the bytes written
  }

  /** Transforms the first bytes of {@code segment}, which may be on the heap, in place. */
  static void transformInPlace(
      long context, MemorySegment segment, MemorySegment count, int lengthBytes) {
    int result;
    try {
      result =
          (int) EVP_CIPHER_UPDATE_HEAP.invokeExact(context, segment, count, segment, lengthBytes);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    check(result, "EVP_CipherUpdate");
  }

  /** Ends a message that was encrypted, and writes its tag to {@code tagAddress}. */
  static void finishWithTag(long context, long tagAddress, int tagBytes, long countAddress) {
    check(finish(context, countAddress), "EVP_CipherFinal_ex");
    check(control(context, AEAD_GET_TAG, tagBytes, tagAddress), "EVP_CIPHER_CTX_ctrl");
  }

  /** Ends a message that was decrypted; whether the tag at {@code tagAddress} is its own. */
  static boolean finishAndVerify(long context, long tagAddress, int tagBytes, long countAddress) {
    check(control(context, AEAD_SET_TAG, tagBytes, tagAddress), "EVP_CIPHER_CTX_ctrl");
    boolean authentic = finish(context, countAddress) == 1;
    if (!authentic) {
      try {
        ERR_CLEAR_ERROR.invokeExact();
      } catch (Throwable e) {
        throw Downcall.unchecked(e);
      }
    }
    return authentic;
  }

  private static int finish(long context, long countAddress) {
    try {
      return (int) EVP_CIPHER_FINAL.invokeExact(context, countAddress, countAddress);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
  }

  private static int control(long context, int type, int argument, long pointer) {
    try {
      return (int) EVP_CIPHER_CTX_CTRL.invokeExact(context, type, argument, pointer);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
  }

  /** Native memory, zeroed, without the cost of an arena; {@link #wipeAndFree} gives it back. */
  static MemorySegment allocate(long sizeBytes) {
    try {
      long address =
          checkPointer((long) CRYPTO_ZALLOC.invokeExact(sizeBytes, 0L, 0), "CRYPTO_zalloc");
      OPEN_ALLOCATIONS.incrementAndGet();
      return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
  }

  /**
   * A copy of {@code key} from {@link #allocate}.
   *
   * @throws IllegalStateException if its arena is closed; nothing stays allocated then
   */
  static MemorySegment copyOf(MemorySegment key) {
    MemorySegment copy = allocate(key.byteSize());
    boolean copied = false;
    try {
      copy.copyFrom(key);
      copied = true;
    } finally {
      if (!copied) {
        wipeAndFree(copy);
      }
    }
    return copy;
  }

  /** Wipes and frees what {@link #allocate} gave; does nothing with {@link MemorySegment#NULL}. */
  static void wipeAndFree(MemorySegment memory) {
    if (memory.address() == 0) {
      return;
    }
    try {
      CRYPTO_CLEAR_FREE.invokeExact(memory.address(), memory.byteSize(), 0L, 0);
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
    OPEN_ALLOCATIONS.decrementAndGet();
  }

  private static long newContext() {
    try {
      long context = checkPointer((long) EVP_CIPHER_CTX_NEW.invokeExact(), "EVP_CIPHER_CTX_new");
      OPEN_CONTEXTS.incrementAndGet();
      return context;
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
  }

  private static void check(int result, String function) {
    if (result != 1) { // 1 is success for every function that comes here
      throw failed(function);
    }
  }

  private static long checkPointer(long pointer, String function) {
    if (pointer == 0) {
      throw failed(function);
    }
    return pointer;
  }

  /** Takes this thread's oldest error from libcrypto's queue and empties the queue. */
  private static IllegalStateException failed(String function) {
    try (Arena arena = Arena.ofConfined()) {
      long code = (long) ERR_GET_ERROR.invokeExact();
      long next = code;
      while (next != 0) {
        next = (long) ERR_GET_ERROR.invokeExact();
      }
      MemorySegment text = arena.allocate(ERROR_TEXT_BYTES);
      ERR_ERROR_STRING_N.invokeExact(code, text, (long) ERROR_TEXT_BYTES);
      return new IllegalStateException(function + " failed: " + text.getString(0));
    } catch (Throwable e) {
      throw Downcall.unchecked(e);
    }
  }

  private static MethodHandle link(String name, MemoryLayout result, MemoryLayout... parameters) {
    return LINKER.downcallHandle(address(name), FunctionDescriptor.of(result, parameters));
  }

  private static MethodHandle link(
      String name, Linker.Option option, MemoryLayout result, MemoryLayout... parameters) {
    return LINKER.downcallHandle(address(name), FunctionDescriptor.of(result, parameters), option);
  }

  private static MethodHandle linkVoid(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(address(name), FunctionDescriptor.ofVoid(parameters));
  }

  private static MemorySegment address(String name) {
    assert LibCryptoLoading.FUNCTION_NAMES.contains(name) : name;
    return SYMBOLS
        .find(name)
        .orElseThrow(() -> new IllegalStateException("libcrypto has no function " + name));
  }
}
