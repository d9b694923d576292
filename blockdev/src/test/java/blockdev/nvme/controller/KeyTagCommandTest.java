package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.controller.kpio.KeyPerIo;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.nvme.kpio.ComId;
import blockdev.nvme.kpio.ComIdRequest;
import blockdev.nvme.kpio.ComPacket;
import blockdev.nvme.kpio.KeyImport;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.wrapped.AesKeyWrap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Key Per I/O by hand: Security Send and Receive, and key tags in Read and Write. */
class KeyTagCommandTest {
  private static final int TAGS = 8;
  private static final int KEY_TAG = 1; // CETYPE
  private static final long DATA = 0;
  private static final long READ_TO = 1 << 20;
  private static final long PAYLOAD = 2 << 20;
  private static final byte[] KEK = new byte[32];
  private static final byte[] KEY_A = key(1);
  private static final byte[] KEY_B = key(101);

  private HandHost host = HandHost.ready(KeyPerIoModel.of(TAGS));

  @AfterEach
  void close() {
    host.close();
  }

  private void restart(KeyPerIoModel model) {
    host.close();
    host = HandHost.ready(model);
  }

  @Test
  void dataIsEncryptedWithTheLbaAsDataUnitNumber() {
    inject(1, 3, KEY_A);
    host.fill(DATA, 1024, 0x5A);
    assertThat(write(100, 2, 3)).isEqualTo(NvmeStatus.SUCCESS);
    byte[] expected = new byte[1024];
    Arrays.fill(expected, (byte) 0x5A);
    encrypt(KEY_A, 100, expected);
    assertThat(host.mediumAt(100 * 512, 1024)).isEqualTo(expected);
    assertThat(read(100, 2, 3)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(READ_TO, 1024)).containsOnly(0x5A);
  }

  @Test
  void tagsUpToMaxktAreTakenAndThoseWithoutKeyAreInvalidKeyTags() {
    inject(1, 0, KEY_A);
    inject(1, TAGS - 1, KEY_B);
    assertThat(write(0, 1, 0)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(write(0, 1, TAGS - 1)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(write(0, 1, 1)).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(read(0, 1, 1)).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(write(0, 1, TAGS)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(write(0, 1, 0xFFFF)).isEqualTo(NvmeStatus.INVALID_FIELD);
  }

  @Test
  void nothingIsWrittenWhenATagIsRefused() {
    byte[] before = host.mediumAt(0, 4096);
    host.fill(DATA, 512, 0x5A);
    write(0, 1, 1);
    write(0, 1, TAGS);
    host.io(Command.write(0, 1, DATA, 0));
    assertThat(host.mediumAt(0, 4096)).isEqualTo(before);
  }

  @Test
  void aManagedNamespaceTakesNoPlainCommandAndAnUnmanagedOneNoKeyTag() {
    inject(1, 0, KEY_A);
    assertThat(host.io(Command.write(0, 1, DATA, 0))).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(host.io(Command.read(0, 1, DATA, 0))).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(host.io(Command.of(0x00, 1))).as("Flush").isEqualTo(NvmeStatus.SUCCESS);
    Command plain = Command.of(0x01, 2).range(0, 1).prp(DATA, 0);
    assertThat(host.io(plain)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.io(plain.crypto(KEY_TAG, 0, 0, 0))).isEqualTo(NvmeStatus.INVALID_FIELD);
  }

  @Test
  void reservedExtensionTypesAndOurOwnAreInvalidFields() {
    inject(1, 0, KEY_A);
    for (int extension = 2; extension < 16; extension++) {
      assertThat(host.io(Command.write(0, 1, DATA, 0).crypto(extension, 0, 0, 0)))
          .as("CETYPE %d", extension)
          .isEqualTo(NvmeStatus.INVALID_FIELD);
    }
  }

  @Test
  void addressAndLengthAreMultiplesOfTheGranularity() {
    restart(KeyPerIoModel.of(TAGS).withGranularityBlocks(8));
    inject(1, 0, KEY_A);
    assertThat(write(8, 8, 0)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(write(9, 8, 0)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(write(8, 7, 0)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(read(12, 4, 0)).isEqualTo(NvmeStatus.INVALID_FIELD);
  }

  @Test
  void theSameTagInTwoNamespacesIsTwoKeys() {
    assertThat(keys().manage(2, TAGS)).isTrue();
    inject(1, 3, KEY_A);
    inject(2, 3, KEY_B);
    host.fill(DATA, 512, 0x5A);
    write(7, 1, 3);
    host.io(Command.of(0x01, 2).range(7, 1).prp(DATA, 0).crypto(KEY_TAG, 3, 0, 0));
    byte[] first = new byte[512];
    Arrays.fill(first, (byte) 0x5A);
    byte[] second = first.clone();
    encrypt(KEY_A, 7, first);
    encrypt(KEY_B, 7, second);
    assertThat(host.mediumAt(7 * 512, 512)).isEqualTo(first);
    assertThat(host.mediumAt(HandHost.MEDIUM_BYTES / 2 + 7 * 512, 512)).isEqualTo(second);
  }

  @Test
  void aKeyThatIsClearedWhileItsCommandIsUnderWayFailsIt() {
    inject(1, 0, KEY_A);
    host.fill(DATA, 512, 0x5A);
    byte[] before = host.mediumAt(0, 512);
    host.put(HandHost.SQ, Command.write(0, 1, DATA, 0).crypto(KEY_TAG, 0, 0, 0));
    host.controller.queues().ringSubmissionDoorbell(1, 1);
    host.events.schedule(() -> keys().unmanage(1), 500); // the command takes 1512 ns
    host.settle();
    assertThat(host.statusAt(HandHost.CQ, 0)).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(host.mediumAt(0, 512)).isEqualTo(before);
  }

  @Test
  void theSameKeyAgainBringsTheDataBackAndAnotherGivesGarbage() {
    inject(1, 0, KEY_A);
    host.fill(DATA, 512, 0x5A);
    write(0, 1, 0);
    assertThat(clear(1, 0)).isEqualTo(ComIdRequest.SUCCESS);
    assertThat(read(0, 1, 0)).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    inject(1, 5, KEY_A);
    assertThat(read(0, 1, 5)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(READ_TO, 512)).containsOnly(0x5A);
    inject(1, 5, KEY_B);
    assertThat(read(0, 1, 5)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(READ_TO, 512)).isNotEqualTo(filled(512, 0x5A));
  }

  @Test
  void anotherKeyIsDetectedWhereTheDeviceCan() {
    restart(KeyPerIoModel.of(TAGS).detectingIncorrectKeys());
    inject(1, 0, KEY_A);
    inject(1, 1, KEY_B);
    host.fill(DATA, 1024, 0x5A);
    write(0, 2, 0);
    host.fill(READ_TO, 1024, 0);
    assertThat(read(1, 1, 1)).isEqualTo(NvmeStatus.INCORRECT_KEY);
    assertThat(host.memoryAt(READ_TO, 1024)).containsOnly(0);
    assertThat(read(0, 2, 0)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(read(2, 1, 1)).as("a block never written").isEqualTo(NvmeStatus.SUCCESS);
    write(1, 1, 1);
    assertThat(read(0, 2, 0)).as("partly another's now").isEqualTo(NvmeStatus.INCORRECT_KEY);
    assertThat(read(1, 1, 1)).isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  void keysSurviveAControllerResetAndNotAPowerCycle() {
    inject(1, 0, KEY_A);
    write(0, 1, 0);
    host.controller.writeRegister(0x14, 0); // CC.EN
    host.enable();
    host.makeIoQueues();
    assertThat(read(0, 1, 0)).isEqualTo(NvmeStatus.SUCCESS);
    host.controller.powerCycle();
    host.enable();
    host.makeIoQueues();
    assertThat(read(0, 1, 0)).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    injectUnderKnownKek(1, 0, KEY_A); // the key encryption key is still there
    assertThat(read(0, 1, 0)).isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  void neitherKeyNorPlaintextIsOnTheMedium() {
    byte[] secret =
        "never to be seen on any medium, this key of 64 bytes, all of it."
            .getBytes(StandardCharsets.US_ASCII);
    inject(1, 0, secret);
    MemorySegment.copy(secret, 0, host.memory, ValueLayout.JAVA_BYTE, DATA, secret.length);
    write(0, 1, 0);
    String medium =
        new String(host.mediumAt(0, HandHost.MEDIUM_BYTES), StandardCharsets.ISO_8859_1);
    assertThat(medium).doesNotContain("never to be seen").doesNotContain("all of it");
  }

  // ---- the other commands

  @Test
  void copyDecryptsWithTheTagsOfItsSourcesAndEncryptsWithItsOwn() {
    inject(1, 0, KEY_A);
    inject(1, 1, KEY_B);
    inject(1, 2, key(50));
    host.fill(DATA, 512, 0x11);
    write(10, 1, 0);
    host.fill(DATA, 512, 0x22);
    write(20, 1, 1);
    putSource(0, 10, 1, 0);
    putSource(1, 20, 1, 1);
    assertThat(copy(30, 2, 2)).isEqualTo(NvmeStatus.SUCCESS);
    byte[] expected = filled(1024, 0x11);
    Arrays.fill(expected, 512, 1024, (byte) 0x22);
    encrypt(key(50), 30, expected);
    assertThat(host.mediumAt(30 * 512, 1024)).isEqualTo(expected);
    putSource(1, 20, 1, 5);
    assertThat(copy(30, 2, 2)).as("a source without key").isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(copy(30, 2, 6)).as("no key for it").isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    putSource(1, 20, 0, 0);
    assertThat(copy(30, 2, 2)).as("a plain source").isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(host.mediumAt(30 * 512, 1024)).isEqualTo(expected);
  }

  @Test
  void compareAndVerifyTakeKeyTags() {
    inject(1, 0, KEY_A);
    inject(1, 1, KEY_B);
    host.fill(DATA, 512, 0x5A);
    write(0, 1, 0);
    assertThat(compare(0)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(compare(1)).as("another key").isEqualTo(NvmeStatus.COMPARE_FAILURE);
    assertThat(compare(2)).as("no key").isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(host.io(Command.of(0x05, 1).range(0, 1).prp(DATA, 0)))
        .as("plain")
        .isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(verify(0)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(verify(2)).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
  }

  @Test
  void compareVerifyAndCopyDetectAnotherKeyWhereTheDeviceCan() {
    restart(KeyPerIoModel.of(TAGS).detectingIncorrectKeys());
    inject(1, 0, KEY_A);
    inject(1, 1, KEY_B);
    host.fill(DATA, 512, 0x5A);
    write(0, 1, 0);
    assertThat(compare(1)).isEqualTo(NvmeStatus.INCORRECT_KEY);
    assertThat(verify(1)).isEqualTo(NvmeStatus.INCORRECT_KEY);
    putSource(0, 0, 1, 1);
    assertThat(copy(30, 1, 1)).isEqualTo(NvmeStatus.INCORRECT_KEY);
    putSource(0, 0, 1, 0);
    assertThat(copy(30, 1, 1)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(read(30, 1, 0)).as("copied with the other").isEqualTo(NvmeStatus.INCORRECT_KEY);
    assertThat(read(30, 1, 1)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(READ_TO, 512)).containsOnly(0x5A);
  }

  @Test
  void zeroesAreWrittenWithAKeyAndDeallocatedBlocksAreZeroesUnderAny() {
    restart(KeyPerIoModel.of(TAGS).detectingIncorrectKeys());
    inject(1, 0, KEY_A);
    inject(1, 1, KEY_B);
    host.fill(DATA, 512, 0x5A);
    write(0, 1, 0);
    Command zeroes = Command.of(0x08, 1).range(0, 1).crypto(KEY_TAG, 0, 0, 0);
    assertThat(host.io(zeroes)).isEqualTo(NvmeStatus.SUCCESS);
    byte[] expected = new byte[512];
    encrypt(KEY_A, 0, expected);
    assertThat(host.mediumAt(0, 512)).isEqualTo(expected);
    assertThat(read(0, 1, 1)).isEqualTo(NvmeStatus.INCORRECT_KEY);
    zeroes.bytes.putInt(48, zeroes.bytes.getInt(48) | 1 << 25); // DEAC
    assertThat(host.io(zeroes)).isEqualTo(NvmeStatus.SUCCESS);
    for (int tag = 0; tag < 2; tag++) {
      host.fill(READ_TO, 512, 0x5A);
      assertThat(read(0, 1, tag)).isEqualTo(NvmeStatus.SUCCESS);
      assertThat(host.memoryAt(READ_TO, 512)).containsOnly(0);
    }
    assertThat(read(0, 1, 2)).as("a tag without key").isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(host.io(Command.of(0x08, 1).range(0, 1)))
        .as("no tag")
        .isEqualTo(NvmeStatus.INVALID_FIELD);
  }

  @Test
  void theCommandsOfAFusedPairHaveTagsOfTheirOwn() {
    inject(1, 0, KEY_A);
    inject(1, 1, KEY_B);
    host.fill(DATA, 512, 0x5A);
    write(0, 1, 0);
    host.fill(DATA + 512, 512, 0x77);
    Command compare = Command.of(0x05, 1).range(0, 1).prp(DATA, 0).crypto(KEY_TAG, 0, 0, 0);
    Command write = Command.write(0, 1, DATA + 512, 0).crypto(KEY_TAG, 1, 0, 0);
    host.put(HandHost.SQ + 64, compare.put(1, 1));
    host.put(HandHost.SQ + 128, write.put(1, 2).put(2, 1)); // another id
    host.controller.queues().ringSubmissionDoorbell(1, 3);
    host.settle();
    assertThat(host.statusAt(HandHost.CQ, 1)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.statusAt(HandHost.CQ, 2)).isEqualTo(NvmeStatus.SUCCESS);
    byte[] expected = filled(512, 0x77);
    encrypt(KEY_B, 0, expected);
    assertThat(host.mediumAt(0, 512)).isEqualTo(expected);
  }

  private int compare(int tag) {
    return host.io(Command.of(0x05, 1).range(0, 1).prp(DATA, 0).crypto(KEY_TAG, tag, 0, 0));
  }

  private int verify(int tag) {
    return host.io(Command.of(0x0C, 1).range(0, 1).crypto(KEY_TAG, tag, 0, 0));
  }

  /** Copies {@code ranges} sources, which {@link #putSource} wrote. */
  private int copy(long lba, int ranges, int tag) {
    return host.io(
        Command.of(0x19, 1).range(lba, ranges).prp(PAYLOAD, 0).crypto(KEY_TAG, tag, 0, 0));
  }

  /** A source of one block, in format 0h. */
  private void putSource(int index, long lba, int extension, int tag) {
    long at = PAYLOAD + 32L * index;
    host.fill(at, 32, 0);
    host.memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + 8, lba);
    host.memory.set(ValueLayout.JAVA_BYTE, at + 18, (byte) extension);
    host.memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 20, (short) tag);
  }

  // ---- what the commands of the key channel are refused with

  @Test
  void identifySaysWhatIsManaged() {
    host.admin(Command.of(0x06, 0).prp(PAYLOAD, 0).cdw10And11(0x01, 0));
    assertThat(host.memoryAt(PAYLOAD + 256, 1)[0] & 1).as("OACS: Security").isOne();
    assertThat(host.memoryAt(PAYLOAD + 358, 1)).as("KPIOC").containsExactly(1);
    assertThat(host.memoryAt(PAYLOAD + 516, 1)).as("NN").containsExactly(2);
    restart(KeyPerIoModel.of(TAGS).withGranularityBlocks(8));
    host.admin(Command.of(0x06, 1).prp(PAYLOAD, 0).cdw10And11(0x00, 0));
    assertThat(host.memoryAt(PAYLOAD + 81, 1)).as("KPIOS").containsExactly(3);
    assertThat(host.memoryAt(PAYLOAD + 84, 4)).as("KPIODAAG").containsExactly(7, 0, 0, 0);
    host.admin(Command.of(0x06, 2).prp(PAYLOAD, 0).cdw10And11(0x00, 0));
    assertThat(host.memoryAt(PAYLOAD + 81, 1)).as("KPIOS of 2").containsExactly(2);
    host.admin(Command.of(0x06, 1).prp(PAYLOAD, 0).cdw10And11(0x08, 0));
    assertThat(host.memoryAt(PAYLOAD + 15, 3)).as("KPIOS, MAXKT").containsExactly(3, TAGS - 1, 0);
  }

  @Test
  void aDeviceWithoutKeyPerIoKnowsNoSecurityProtocolButTheListOfThem() {
    host.close();
    host = HandHost.ready(512, 8);
    assertThat(send(0x01, 1, 0, 16)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(host.admin(receive(0x01, 1, 0, 16))).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(host.admin(receive(0x00, 0, 0, 16))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(PAYLOAD, 16))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void aManagedNamespaceIsFormattedWithoutCryptoEraseOnlyAndNothingIsSanitized() {
    Command cryptoErase = Command.of(0x80, 1).cdw10And11(2 << 9, 0);
    assertThat(host.admin(cryptoErase)).isEqualTo(NvmeStatus.OPERATION_DENIED);
    assertThat(host.admin(Command.of(0x84, 0).cdw10And11(4, 0)))
        .as("sanitize with crypto erase")
        .isEqualTo(NvmeStatus.ACCESS_DENIED);
    inject(1, 0, KEY_A);
    write(0, 1, 0);
    assertThat(read(0, 1, 0)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.admin(Command.of(0x80, 2).cdw10And11(2 << 9, 0)))
        .as("the unmanaged one")
        .isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  void aMalformedSecurityCommandGetsItsStatus() {
    assertThat(send(0x77, 1, 0, 16)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(send(0x03, ComId.KEYS, 0, 16385)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(send(0x03, ComId.KEYS, 0, -1)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(send(0x03, ComId.KEYS, 0, 0)).isEqualTo(NvmeStatus.INVALID_FIELD);
    Command odd = Command.of(0x81, 0).prp(PAYLOAD + 1, 0).cdw10And11(0x03 << 24, 16);
    assertThat(host.admin(odd)).isEqualTo(NvmeStatus.PRP_OFFSET_INVALID);
    Command far = Command.of(0x82, 0).prp(1L << 40, 0).cdw10And11(0, 16);
    assertThat(host.admin(far)).isEqualTo(NvmeStatus.DATA_TRANSFER_ERROR);
    inject(1, 0, KEY_A);
    assertThat(write(0, 1, 0)).as("the controller is alive").isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  void aPayloadGoesOverSeveralPages() {
    long first = PAYLOAD + 4096 - 32;
    assertThat(
            host.admin(
                Command.of(0x82, 0).prp(first, PAYLOAD + 8192).cdw10And11(0x01 << 24 | 1 << 8, 96)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(first, 4)).containsExactly(0, 0, 0, 92);
    assertThat(host.memoryAt(PAYLOAD + 8192 + 16, 2)).as("feature 0305h").containsExactly(3, 5);
  }

  // ---- the host

  private KeyPerIo keys() {
    return Objects.requireNonNull(host.controller.keyPerIo());
  }

  private int write(long lba, int blocks, int tag) {
    return host.io(Command.write(lba, blocks, DATA, 0).crypto(KEY_TAG, tag, 0, 0));
  }

  private int read(long lba, int blocks, int tag) {
    return host.io(Command.read(lba, blocks, READ_TO, 0).crypto(KEY_TAG, tag, 0, 0));
  }

  private int send(int protocol, int comId, int namespace, int bytes) {
    return host.admin(
        Command.of(0x81, namespace)
            .prp(PAYLOAD, PAYLOAD + 4096)
            .cdw10And11(protocol << 24 | comId << 8, bytes));
  }

  private static Command receive(int protocol, int comId, int namespace, int bytes) {
    return Command.of(0x82, namespace)
        .prp(PAYLOAD, 0)
        .cdw10And11(protocol << 24 | comId << 8, bytes);
  }

  private void inject(int namespace, int tag, byte[] key) {
    MemorySegment packet = host.memory.asSlice(PAYLOAD, 4096);
    int length = KeyImport.putPlaintextKek(packet.asSlice(ComPacket.HEADER_BYTES), 0, "kek", KEK);
    ComPacket.putHeader(packet, ComId.KEYS, length);
    send(0x03, ComId.KEYS, 0, ComPacket.HEADER_BYTES + length); // refused but for the first time
    injectUnderKnownKek(namespace, tag, key);
  }

  private void injectUnderKnownKek(int namespace, int tag, byte[] key) {
    MemorySegment packet = host.memory.asSlice(PAYLOAD, 4096);
    int length =
        KeyImport.putMek(
            packet.asSlice(ComPacket.HEADER_BYTES),
            namespace,
            tag,
            "kek",
            AesKeyWrap.wrap(KEK, Arrays.copyOfRange(key, 0, 32)),
            AesKeyWrap.wrap(KEK, Arrays.copyOfRange(key, 32, 64)));
    ComPacket.putHeader(packet, ComId.KEYS, length);
    assertThat(send(0x03, ComId.KEYS, 0, ComPacket.HEADER_BYTES + length)).isZero();
    assertThat(host.admin(receive(0x03, ComId.KEYS, 0, 4096))).isZero();
    assertThat(
            KeyImport.failure(
                Objects.requireNonNull(ComPacket.message(packet, ComId.KEYS), "no response")))
        .isZero();
  }

  private int clear(int namespace, int tag) {
    MemorySegment request = host.memory.asSlice(PAYLOAD, 4096);
    ComIdRequest.put(request, ComId.KEYS, ComIdRequest.CLEAR_SINGLE_MEK, tag);
    assertThat(send(0x02, ComId.KEYS, namespace, ComIdRequest.BYTES)).isZero();
    assertThat(host.admin(receive(0x02, ComId.KEYS, namespace, 16))).isZero();
    return ComIdRequest.status(request);
  }

  private static void encrypt(byte[] key, long firstDataUnit, byte[] data) {
    MemorySegment segment = MemorySegment.ofArray(data);
    try (DataUnitCipher cipher =
        CipherEngine.named("reference")
            .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key))) {
      cipher.encrypt(firstDataUnit, 0, 0, 0, 512, segment, 0, segment, 0, data.length);
    }
  }

  private static byte[] key(int first) {
    byte[] key = new byte[64];
    for (int i = 0; i < 64; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }

  private static byte[] filled(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
