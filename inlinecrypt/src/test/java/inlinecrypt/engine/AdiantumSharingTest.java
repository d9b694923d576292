package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Adiantum's ciphers share the memory they work in, and there are fewer memories than ciphers here.
 * Yet each goes on with its own key: from call to call, beside other threads, and when others
 * close.
 */
class AdiantumSharingTest {
  private static final int CIPHERS = 70; // more than twice the memories
  private static final int THREADS = 8;
  private static final int ROUNDS = 20;
  private static final int UNIT_BYTES = 512;
  private static final int UNITS = 3;

  private final Random random = new Random(1);

  @Test
  void ciphersInTurnKeepTheirKeys() {
    List<Keyed> ciphers = ciphers();
    for (int i = 0; i < 10 * CIPHERS; i++) {
      ciphers.get(i < CIPHERS ? i : random.nextInt(CIPHERS)).check();
    }
    while (ciphers.size() > 1) {
      ciphers.remove(random.nextInt(ciphers.size())).cipher.close();
      ciphers.get(random.nextInt(ciphers.size())).check();
    }
    ciphers.getFirst().cipher.close();
  }

  @Test
  void ciphersOfManyThreadsKeepTheirKeys() throws Exception {
    List<Keyed> ciphers = ciphers();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      Random order = new Random(thread);
      tasks.add(() -> {
        for (int i = 0; i < ROUNDS * CIPHERS / THREADS; i++) {
          ciphers.get(order.nextInt(CIPHERS)).check();
          Keyed own = ciphers.get(order.nextInt(CIPHERS)).again();
          own.check();
          own.cipher.close();
        }
        return null;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
    ciphers.forEach(keyed -> keyed.cipher.close());
  }

  private List<Keyed> ciphers() {
    List<Keyed> ciphers = new ArrayList<>();
    for (int i = 0; i < CIPHERS; i++) {
      byte[] key = new byte[CryptoMode.ADIANTUM.keyBytes()];
      byte[] plaintext = new byte[UNITS * UNIT_BYTES];
      random.nextBytes(key);
      random.nextBytes(plaintext);
      try (DataUnitCipher reference = prepare("reference", key)) {
        ciphers.add(
            new Keyed(key, prepare("jce", key), plaintext, encrypted(reference, plaintext)));
      }
    }
    return ciphers;
  }

  private record Keyed(byte[] key, DataUnitCipher cipher, byte[] plaintext, byte[] ciphertext) {
    void check() {
      assertThat(encrypted(cipher, plaintext)).isEqualTo(ciphertext);
    }

    Keyed again() {
      return new Keyed(key, prepare("jce", key), plaintext, ciphertext);
    }
  }

  private static DataUnitCipher prepare(String engine, byte[] key) {
    return CipherEngine.named(engine).prepare(CryptoMode.ADIANTUM, MemorySegment.ofArray(key));
  }

  private static byte[] encrypted(DataUnitCipher cipher, byte[] plaintext) {
    byte[] ciphertext = new byte[plaintext.length];
    cipher.encrypt(
        5,
        0,
        0,
        0,
        UNIT_BYTES,
        MemorySegment.ofArray(plaintext),
        0,
        MemorySegment.ofArray(ciphertext),
        0,
        plaintext.length);
    return ciphertext;
  }
}
