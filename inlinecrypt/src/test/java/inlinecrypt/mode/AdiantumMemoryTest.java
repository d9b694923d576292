package inlinecrypt.mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of shared memory when calls fail, and when there are more calls than memories. */
class AdiantumMemoryTest {
  private static final int UNIT_BYTES = 512;
  private static final int CALLS = 3 * AdiantumMemory.COUNT;

  private final Random random = new Random(1);
  private final List<AdiantumMemory> taken = new ArrayList<>();

  /** Else a test that fails would let others wait for ever. */
  @AfterEach
  void giveBack() {
    taken.forEach(AdiantumMemory::release);
  }

  @Test
  void aKeyThatDidNotGetInWholeIsPutInAnew() {
    byte[] nhKey = bytes(NhHash.KEY_BYTES);
    Adiantum cipher = cipher();
    AdiantumMemory memory = take(cipher);
    assertThatThrownBy(() -> memory.key(cipher, new byte[NhHash.KEY_BYTES - 1]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    memory.key(cipher, nhKey);
    assertThat(hash(memory.nh)).isEqualTo(hash(nhHash(nhKey)));
    giveBack();
    cipher.close();
  }

  @Test
  void aKeyIsPutInAnewWhereTheMemoryWasWiped() {
    byte[] nhKey = bytes(NhHash.KEY_BYTES);
    Adiantum cipher = cipher();
    AdiantumMemory memory = take(cipher);
    memory.key(cipher, nhKey);
    memory.wipe();
    assertThat(hash(memory.nh)).isNotEqualTo(hash(nhHash(nhKey)));
    memory.key(cipher, nhKey);
    assertThat(hash(memory.nh)).isEqualTo(hash(nhHash(nhKey)));
    giveBack();
    cipher.close();
  }

  @Test
  @Timeout(10)
  void moreCallsThanThereAreMemoriesWaitForOneAnother() throws Exception {
    List<Adiantum> ciphers = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      ciphers.add(cipher());
      expected.add(encrypted(ciphers.get(i)));
    }
    Adiantum holder = cipher();
    takeAll(holder);
    boolean allWait;
    List<Future<byte[]>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Adiantum cipher : ciphers) {
        calls.add(threads.submit(() -> encrypted(cipher)));
      }
      letOthersRun();
      allWait = calls.stream().noneMatch(Future::isDone);
      giveBack();
    }
    assertThat(allWait).isTrue();
    for (int i = 0; i < CALLS; i++) {
      assertThat(calls.get(i).get()).isEqualTo(expected.get(i));
    }
    ciphers.forEach(Adiantum::close);
    holder.close();
  }

  @Test
  @Timeout(10)
  void closingWaitsForWhoTakesOverToHaveWipedAndNotForTheCall() throws Exception {
    Adiantum cipher = cipher();
    encrypted(cipher);
    Adiantum other = cipher();
    takeAll(other);
    Thread closing = Thread.startVirtualThread(cipher::close);
    letOthersRun();
    assertThat(closing.isAlive()).isTrue();
    taken.forEach(memory -> memory.own(other));
    closing.join();
    giveBack();
    other.close();
  }

  /** Among them are those that still lie as their owners left them. */
  private void takeAll(Adiantum cipher) {
    for (int i = 0; i < AdiantumMemory.COUNT; i++) {
      take(cipher);
    }
    assertThat(taken).doesNotHaveDuplicates();
  }

  private AdiantumMemory take(Adiantum cipher) {
    AdiantumMemory memory = AdiantumMemory.take(cipher, null);
    taken.add(memory);
    return memory;
  }

  private static void letOthersRun() {
    for (int i = 0; i < 100; i++) {
      Thread.yield();
    }
  }

  private Adiantum cipher() {
    return new Adiantum(bytes(32), 12, aesKey -> new NoCipher());
  }

  private static byte[] encrypted(Adiantum cipher) {
    Scratch unit = new Scratch(UNIT_BYTES);
    cipher.encrypt(unit, UNIT_BYTES, 1, 1, 2, 3, 4);
    return unit.bytes();
  }

  private static NhHash nhHash(byte[] key) {
    NhHash nh = new NhHash();
    nh.key(key, 0);
    return nh;
  }

  private static long[] hash(NhHash nh) {
    long[] hash = new long[NhHash.HASH_WORDS];
    nh.hash(new byte[NhHash.CHUNK_BYTES], 0, NhHash.CHUNK_BYTES, hash, 0);
    return hash;
  }

  private byte[] bytes(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }

  /** In the place of AES, which changes nothing here. */
  private static final class NoCipher implements BlockCipher {
    @Override
    public void encrypt(Scratch blocks, int lengthBytes) {}

    @Override
    public void decrypt(Scratch blocks, int lengthBytes) {}

    @Override
    public void rekeyEncryption(Scratch keys, int offset) {}

    @Override
    public void close() {}
  }
}
