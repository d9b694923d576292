package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.IntBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.gcm.GCMMultiplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every array and buffer that a keyed cipher reaches, Bouncy Castle's included, holds zeros when
 * the cipher is closed: neither key nor plaintext nor what either was turned into. Bouncy Castle
 * only drops two things, which the garbage collector gets: SM4's key schedule, and the GHASH key
 * beside its tables.
 */
class ClosedCipherArraysTest {
  private static final int S_BOX_BYTES = 256; // AES keeps a copy; no secret

  private final Random random = new Random(1);

  static Stream<Arguments> ciphers() {
    return CipherEngine.all().stream()
        .flatMap(engine ->
            Arrays.stream(CryptoMode.values())
                .filter(engine::supports)
                .map(mode -> Arguments.of(Named.of(engine.name(), engine), mode)));
  }

  static Stream<Arguments> authenticatedCiphers() {
    return CipherEngine.all().stream()
        .flatMap(engine ->
            Arrays.stream(AeadMode.values())
                .filter(engine::supports)
                .filter(mode -> !isOutsideTheHeap(engine, mode))
                .map(mode -> Arguments.of(Named.of(engine.name(), engine), mode)));
  }

  /** Nothing would be found before it is closed, either. */
  private static boolean isOutsideTheHeap(CipherEngine engine, AeadMode mode) {
    return engine.name().equals("openssl") && mode == AeadMode.AES_256_GCM;
  }

  @ParameterizedTest
  @MethodSource("ciphers")
  void aClosedCipherLeavesNoSecretInAnArray(CipherEngine engine, CryptoMode mode)
      throws IllegalAccessException {
    DataUnitCipher cipher = engine.prepare(mode, bytes(mode.keyBytes()));
    cipher.encrypt(1, 2, 3, 4, 160, bytes(320), 0, bytes(320), 0, 320);
    cipher.decrypt(1, 2, 3, 4, 160, bytes(320), 0, bytes(320), 0, 320);
    assertWipedBy(cipher, cipher::close);
  }

  @ParameterizedTest
  @MethodSource("authenticatedCiphers")
  void aClosedAuthenticatedCipherLeavesNoSecretInAnArray(CipherEngine engine, AeadMode mode)
      throws IllegalAccessException {
    AeadCipher cipher = engine.prepareAead(mode, bytes(AeadMode.KEY_BYTES));
    cipher.seal(bytes(12), bytes(20), bytes(100), bytes(100), bytes(16));
    cipher.open(bytes(12), bytes(20), bytes(100), bytes(100), bytes(16));
    assertWipedBy(cipher, cipher::close);
  }

  private static void assertWipedBy(Object cipher, Runnable close) throws IllegalAccessException {
    Set<Object> arrays = numbersFrom(cipher);
    assertThat(arrays.stream().filter(array -> !isZero(array))).as("before").isNotEmpty();
    close.run();
    assertThat(arrays.stream().filter(array -> !isZero(array))).isEmpty();
  }

  /** Arrays of primitives, and buffers of ints. */
  private static Set<Object> numbersFrom(Object root) throws IllegalAccessException {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> toVisit = new ArrayDeque<>();
    toVisit.add(root);
    while (!toVisit.isEmpty()) {
      Object object = toVisit.remove();
      if (!seen.add(object)) {
        continue;
      }
      if (object instanceof Object[] elements) {
        Arrays.stream(elements).filter(element -> element != null).forEach(toVisit::add);
      } else if (object instanceof IntBuffer) {
        arrays.add(object);
      } else if (object.getClass().isArray()) {
        if (Array.getLength(object) != S_BOX_BYTES) {
          arrays.add(object);
        }
      } else {
        addFields(object, toVisit);
      }
    }
    return arrays;
  }

  private static void addFields(Object object, Deque<Object> toVisit)
      throws IllegalAccessException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      if (!type.getName().startsWith("inlinecrypt.")
          && !type.getName().startsWith("org.bouncycastle.")) {
        return;
      }
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) || isOnlyDropped(object, field)) {
          continue;
        }
        AccessibleObject.setAccessible(new AccessibleObject[] {field}, true);
        Object value = field.get(object);
        if (value != null) {
          toVisit.add(value);
        }
      }
    }
  }

  private static boolean isOnlyDropped(Object object, Field field) {
    return object instanceof SM4Engine
        || object instanceof GCMMultiplier && field.getName().equals("H");
  }

  private static boolean isZero(Object array) {
    if (array instanceof IntBuffer buffer) {
      return buffer.equals(IntBuffer.allocate(buffer.capacity()));
    }
    for (int i = 0; i < Array.getLength(array); i++) {
      if (((Number) Array.get(array, i)).longValue() != 0) {
        return false;
      }
    }
    return true;
  }

  private MemorySegment bytes(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
