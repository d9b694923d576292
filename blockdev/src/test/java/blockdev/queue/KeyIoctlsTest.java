package blockdev.queue;

import static blockdev.queue.KeyIoctls.GENERATE_KEY;
import static blockdev.queue.KeyIoctls.IMPORT_KEY;
import static blockdev.queue.KeyIoctls.PREPARE_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.KeyslotManager;
import inlinecrypt.keyslot.WrappedKeyCompletion;
import inlinecrypt.keyslot.WrappedKeyDevice;
import inlinecrypt.keyslot.WrappedKeyOperation;
import inlinecrypt.keyslot.WrappedKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program of 4096 bytes that calls, above hardware whose blobs are 40 bytes of 0xEE. */
class KeyIoctlsTest {
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int PROGRAM_BYTES = 4096;
  private static final long NOWHERE = PROGRAM_BYTES;
  private static final long ARGUMENT = 64;
  private static final long KEY = 1024;
  private static final long BLOB = 2048;
  private static final int BLOB_BYTES = 40;

  private final MemorySegment program = MemorySegment.ofArray(new byte[PROGRAM_BYTES]);
  private final Hardware hardware = new Hardware();
  private final KeyslotManager section = new KeyslotManager(1, hardware, () -> 0);
  private final CryptoProfile wrapped =
      new CryptoProfile(1, 8, Map.of(CryptoMode.AES_256_XTS, 4096))
          .withKeyTypes(Set.of(KeyType.HARDWARE_WRAPPED));

  @Test
  void theNumbersAreThoseOfTheUapiHeader() {
    assertThat(IMPORT_KEY).isEqualTo(readWrite(137, 64));
    assertThat(GENERATE_KEY).isEqualTo(readWrite(138, 48));
    assertThat(PREPARE_KEY).isEqualTo(readWrite(139, 64));
  }

  private static int readWrite(int number, int bytes) {
    return 3 << 30 | bytes << 16 | 0x12 << 8 | number;
  }

  @Test
  void importHandsTheRawKeyInAndTheBlobOutWithItsTrueSize() {
    program.asSlice(KEY, 32).fill((byte) 7);
    inAndOut(KEY, 32, BLOB, 128);
    assertThat(call(IMPORT_KEY)).isEqualTo(Errno.OK);
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    assertThat(hardware.calls).containsExactly("IMPORT " + Arrays.toString(key));
    assertBlob();
    assertThat(field(24)).isEqualTo(BLOB_BYTES);
    assertThat(field(8)).as("the raw key's size").isEqualTo(32);
  }

  @Test
  void generateTakesNothingInAndPrepareTakesABlob() {
    out(BLOB, 128);
    assertThat(call(GENERATE_KEY)).isEqualTo(Errno.OK);
    assertBlob();
    assertThat(field(8)).isEqualTo(BLOB_BYTES);

    program.fill((byte) 0);
    inAndOut(KEY, 3, BLOB, BLOB_BYTES);
    assertThat(call(PREPARE_KEY)).isEqualTo(Errno.OK);
    assertBlob();
    assertThat(hardware.calls).containsExactly("GENERATE []", "PREPARE [0, 0, 0]");
  }

  private void assertBlob() {
    assertThat(program.asSlice(BLOB, BLOB_BYTES).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0xEE);
    assertThat(program.asSlice(BLOB + BLOB_BYTES, 128).toArray(ValueLayout.JAVA_BYTE))
        .containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {IMPORT_KEY, GENERATE_KEY, PREPARE_KEY, 0})
  void withoutAProfileEveryCallIsEopnotsuppBeforeItsArgumentIsRead(int command) {
    KeyIoctls none = new KeyIoctls(new WrappedKeys(CryptoProfile.none(), section), program);
    assertThat(call(none, command, NOWHERE)).isEqualTo(Errno.EOPNOTSUPP);
  }

  @ParameterizedTest
  @ValueSource(ints = {IMPORT_KEY, GENERATE_KEY, PREPARE_KEY})
  void withoutWrappedKeysItIsEopnotsuppOnceTheArgumentsAreChecked(int command) {
    KeyIoctls raw =
        new KeyIoctls(new WrappedKeys(wrapped.withKeyTypes(Set.of(KeyType.RAW)), section), program);
    if (command == GENERATE_KEY) {
      out(NOWHERE, 0);
    } else {
      inAndOut(KEY, 32, NOWHERE, 0);
    }
    assertThat(call(raw, command, ARGUMENT)).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(call(raw, command, NOWHERE)).isEqualTo(Errno.EFAULT);
    assertThat(hardware.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0xC040128C, 0xC040128D, 0xC0301289})
  void anyOtherCommandIsEnottyBeforeItsArgumentIsRead(int command) {
    assertThat(call(ioctls(), command, NOWHERE)).isEqualTo(Errno.ENOTTY);
  }

  @Test
  void anArgumentThatEndsBeyondTheProgramIsEfault() {
    assertThat(call(ioctls(), IMPORT_KEY, PROGRAM_BYTES - 63)).isEqualTo(Errno.EFAULT);
    assertThat(call(ioctls(), PREPARE_KEY, PROGRAM_BYTES - 63)).isEqualTo(Errno.EFAULT);
    assertThat(call(ioctls(), GENERATE_KEY, PROGRAM_BYTES - 47)).isEqualTo(Errno.EFAULT);
    assertThat(call(ioctls(), IMPORT_KEY, -8)).isEqualTo(Errno.EFAULT);
    assertThat(call(ioctls(), IMPORT_KEY, Long.MAX_VALUE)).isEqualTo(Errno.EFAULT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aReservedWordThatIsNotZeroIsEinvalBeforeTheSizesAreLookedAt(int word) {
    inAndOut(NOWHERE, 15, NOWHERE, 0);
    program.set(U64, ARGUMENT + 32 + 8L * word, 1L << 63);
    assertThat(call(IMPORT_KEY)).isEqualTo(Errno.EINVAL);
    inAndOut(NOWHERE, 32, NOWHERE, 0);
    assertThat(call(PREPARE_KEY)).isEqualTo(Errno.EINVAL);
    program.fill((byte) 0);
    program.set(U64, ARGUMENT + 16 + 8L * word, 1);
    assertThat(call(GENERATE_KEY)).isEqualTo(Errno.EINVAL);
    assertThat(hardware.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 15, 65, -1, 1L << 32})
  void aRawSizeOutside16To64IsEinvalBeforeTheKeyIsRead(long bytes) {
    inAndOut(NOWHERE, bytes, NOWHERE, 0);
    assertThat(call(IMPORT_KEY)).isEqualTo(Errno.EINVAL);
  }

  @ParameterizedTest
  @ValueSource(longs = {129, -1, Long.MIN_VALUE})
  void aBlobToPrepareAbove128BytesIsEinvalBeforeItIsRead(long bytes) {
    inAndOut(NOWHERE, bytes, NOWHERE, 0);
    assertThat(call(PREPARE_KEY)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void sizesAtTheLimitsReachTheHardware() {
    for (long bytes : new long[] {16, 64}) {
      inAndOut(KEY, bytes, BLOB, 128);
      assertThat(call(IMPORT_KEY)).isEqualTo(Errno.OK);
    }
    for (long bytes : new long[] {0, 128}) {
      inAndOut(KEY, bytes, BLOB, 128);
      assertThat(call(PREPARE_KEY)).isEqualTo(Errno.OK);
    }
  }

  @Test
  void aKeyThatCannotBeReadIsEfaultBeforeTheHardwareIsAsked() {
    for (int command : new int[] {IMPORT_KEY, PREPARE_KEY}) {
      inAndOut(PROGRAM_BYTES - 31, 32, BLOB, 128);
      assertThat(call(command)).isEqualTo(Errno.EFAULT);
      inAndOut(-1, 32, BLOB, 128);
      assertThat(call(command)).isEqualTo(Errno.EFAULT);
    }
    assertThat(hardware.calls).isEmpty();
  }

  @Test
  void whatTheOperationFailsWithComesBeforeTheBufferIsLookedAt() {
    hardware.result = Errno.EBADMSG;
    inAndOut(KEY, 32, NOWHERE, 0);
    assertThat(call(PREPARE_KEY)).isEqualTo(Errno.EBADMSG);
    assertThat(field(24)).isZero();
  }

  @Test
  void aBlobLargerThanTheBufferIsEoverflowAndNothingIsCopied() {
    inAndOut(KEY, 32, NOWHERE, BLOB_BYTES - 1);
    assertThat(call(IMPORT_KEY)).isEqualTo(Errno.EOVERFLOW);
    assertThat(field(24)).isEqualTo(BLOB_BYTES - 1);
    inAndOut(KEY, 32, BLOB, 0);
    assertThat(call(PREPARE_KEY)).isEqualTo(Errno.EOVERFLOW);
    assertThat(program.asSlice(BLOB, 128).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
  }

  @Test
  void aBufferThatIsNotThereIsEfaultAtTheEnd() {
    inAndOut(KEY, 32, PROGRAM_BYTES - BLOB_BYTES + 1, 128);
    assertThat(call(IMPORT_KEY)).isEqualTo(Errno.EFAULT);
    assertThat(hardware.calls).hasSize(1);
    assertThat(field(24)).isEqualTo(128);
  }

  @Test
  void theCopiesOfKeysAndBlobsAreWipedHoweverItEnds() {
    program.asSlice(KEY, 32).fill((byte) 7);
    inAndOut(KEY, 32, BLOB, 128);
    call(IMPORT_KEY);
    inAndOut(KEY, 32, BLOB, 0);
    call(IMPORT_KEY);
    inAndOut(KEY, 32, NOWHERE, 128);
    call(PREPARE_KEY);
    hardware.result = Errno.EBADMSG;
    call(PREPARE_KEY);
    assertThat(hardware.calls).hasSize(4).allMatch(each -> each.contains("[7, 7, 7"));
    assertThat(hardware.copies).hasSize(7).allSatisfy(copy -> assertThat(copy).containsOnly(0));
  }

  private void inAndOut(long keyAt, long keyBytes, long blobAt, long blobBytes) {
    program.set(U64, ARGUMENT, keyAt);
    program.set(U64, ARGUMENT + 8, keyBytes);
    program.set(U64, ARGUMENT + 16, blobAt);
    program.set(U64, ARGUMENT + 24, blobBytes);
  }

  private void out(long blobAt, long blobBytes) {
    program.set(U64, ARGUMENT, blobAt);
    program.set(U64, ARGUMENT + 8, blobBytes);
  }

  private long field(int offset) {
    return program.get(U64, ARGUMENT + offset);
  }

  private KeyIoctls ioctls() {
    return new KeyIoctls(new WrappedKeys(wrapped, section), program);
  }

  private Errno call(int command) {
    return call(ioctls(), command, ARGUMENT);
  }

  private static Errno call(KeyIoctls ioctls, int command, long argument) {
    List<Errno> results = new ArrayList<>();
    ioctls.call(command, argument, results::add);
    assertThat(results).hasSize(1);
    return results.getFirst();
  }

  /** Notes what it is given and keeps it, to see whether it is wiped. */
  private static final class Hardware implements KeyslotDevice, WrappedKeyDevice {
    final List<String> calls = new ArrayList<>();
    final List<byte[]> copies = new ArrayList<>();
    Errno result = Errno.OK;

    @Override
    public WrappedKeyDevice wrappedKeys() {
      return this;
    }

    @Override
    public boolean has(WrappedKeyOperation operation) {
      return true;
    }

    @Override
    public void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
      calls.add(operation + " " + Arrays.toString(input));
      copies.add(input);
      byte[] output = new byte[result == Errno.OK ? BLOB_BYTES : 0];
      Arrays.fill(output, (byte) 0xEE);
      if (result == Errno.OK) {
        copies.add(output);
      }
      done.done(result, output);
    }

    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      throw new AssertionError("nothing is programmed");
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      throw new AssertionError("nothing is evicted");
    }
  }
}
