package blockdev.nvme.controller.kpio;

import static blockdev.nvme.controller.kpio.KeyChannel.KEK_UID;
import static blockdev.nvme.controller.kpio.KeyChannel.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.kpio.ComId;
import blockdev.nvme.kpio.ComIdRequest;
import blockdev.nvme.kpio.ComPacket;
import blockdev.nvme.kpio.Kmip;
import blockdev.nvme.kpio.Ttlv;
import blockdev.nvme.kpio.TtlvWriter;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.wrapped.AesKeyWrap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyInjectionTest {
  private static final int TAGS = 8;
  private static final byte[] KEY_A = bytes(0x01, 64);
  private static final byte[] KEY_B = bytes(0x81, 64);

  private static final ValueLayout.OfInt BIG_ENDIAN_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final CipherEngine engine = CipherEngine.fastest(CryptoMode.AES_256_XTS);
  private final KeyPerIo keys = new KeyPerIo(KeyPerIoModel.of(TAGS), engine, 3, 5);
  private final KeyChannel host = new KeyChannel(new SecurityProtocols(keys));

  @AfterEach
  void close() {
    keys.close();
  }

  @Test
  void anImportedKeyEncryptsAsXtsOfKey1AndKey2() {
    host.withKek();
    assertThat(host.importMek(1, 3, KEY_A)).isZero();
    byte[] byDevice = new byte[4096];
    Objects.requireNonNull(keys.cipher(1, 3))
        .encrypt(77, 0, 0, 0, 4096, segment(new byte[4096]), 0, segment(byDevice), 0, 4096);
    byte[] expected = new byte[4096];
    try (DataUnitCipher reference =
        CipherEngine.named("reference").prepare(CryptoMode.AES_256_XTS, segment(KEY_A))) {
      reference.encrypt(77, 0, 0, 0, 4096, segment(new byte[4096]), 0, segment(expected), 0, 4096);
    }
    assertThat(byDevice).isEqualTo(expected);
  }

  @Test
  void aKeyTagBelowTheNumberOfTagsIsTakenAndNoOther() {
    host.withKek();
    assertThat(host.importMek(1, 0, KEY_A)).isZero();
    assertThat(host.importMek(1, TAGS - 1, KEY_A)).isZero();
    assertThat(host.importMek(1, TAGS, KEY_A)).isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
    assertThat(host.importMek(1, 0xFFFF, KEY_A)).isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
  }

  @Test
  void anUnmanagedNamespaceTakesNoKeyAndAnUnknownOneIsAWrongValue() {
    host.withKek();
    assertThat(host.importMek(2, 0, KEY_A)).isEqualTo(Kmip.PERMISSION_DENIED);
    assertThat(host.importMek(4, 0, KEY_A)).isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
    assertThat(host.importMek(0, 0, KEY_A)).isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
  }

  @Test
  void aKekThatIsNotThereLockedOrNotAllowedWrapsNothing() {
    assertThat(host.importMek(1, 0, KEY_A)).isEqualTo(Kmip.INVALID_ATTRIBUTE);
    host.withKek();
    keys.setKekLocked(0, true);
    assertThat(host.importMek(1, 0, KEY_A)).isEqualTo(Kmip.PERMISSION_DENIED);
    keys.setKekLocked(0, false);
    keys.setKekAllowed(1, 0, false);
    assertThat(host.importMek(1, 0, KEY_A)).isEqualTo(Kmip.PERMISSION_DENIED);
    keys.setKekAllowed(1, 0, true);
    assertThat(host.importMek(1, 0, KEY_A)).isZero();
  }

  @Test
  void aKeyThatDoesNotOpenIsACryptographicFailureAndLeavesWhatWasThere() {
    host.withKek();
    assertThat(host.importMek(1, 0, KEY_A)).isZero();
    DataUnitCipher before = keys.cipher(1, 0);
    byte[] otherKek = bytes(0x00, 32);
    MemorySegment packet = KeyChannel.mekPacket(1, 0, KEK_UID, otherKek, KEY_B, new byte[0]);
    assertThat(host.send(packet)).isEqualTo(Kmip.CRYPTOGRAPHIC_FAILURE);
    assertThat(keys.cipher(1, 0)).isSameAs(before);
  }

  @Test
  void equalHalvesOfAnXtsKeyAreRefused() {
    host.withKek();
    byte[] equalHalves = new byte[64];
    assertThat(host.importMek(1, 0, equalHalves)).isEqualTo(Kmip.CRYPTOGRAPHIC_FAILURE);
    assertThat(keys.cipher(1, 0)).isNull();
  }

  @Test
  void anImportIntoAnOccupiedTagReplacesTheKey() {
    host.withKek();
    host.importMek(1, 0, KEY_A);
    DataUnitCipher before = keys.cipher(1, 0);
    assertThat(host.importMek(1, 0, KEY_B)).isZero();
    assertThat(keys.cipher(1, 0)).isNotNull().isNotSameAs(before);
  }

  @Test
  void theFirstKekComesInTheClearIntoAnEmptyRowOnly() {
    host.withKek();
    assertThat(host.importPlaintextKek(0, KEK_UID, bytes(0, 32))).isEqualTo(Kmip.PERMISSION_DENIED);
    assertThat(host.importPlaintextKek(1, "short", bytes(0, 16))).isEqualTo(Kmip.INVALID_MESSAGE);
    assertThat(host.importPlaintextKek(KeyEncryptionKeys.ROWS, "far", bytes(0, 32)))
        .isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
    assertThat(host.importPlaintextKek(1, KEK_UID, bytes(0, 32)))
        .as("an identifier of another row")
        .isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
    keys.setPolicies(KeyPerIoPolicies.DEFAULT.withoutPlaintextKeks());
    assertThat(host.importPlaintextKek(1, "second", bytes(0, 32)))
        .isEqualTo(Kmip.PERMISSION_DENIED);
  }

  @Test
  void aKekIsReplacedByOneThatItWraps() {
    host.withKek();
    byte[] next = bytes(0xC0, 32);
    byte[] wrapped = AesKeyWrap.wrap(host.kek, next);
    assertThat(host.importWrappedKek(1, "kek-1", KEK_UID, wrapped))
        .as("another row's")
        .isEqualTo(Kmip.PERMISSION_DENIED);
    assertThat(host.importWrappedKek(0, "kek-next", "nobody", wrapped))
        .isEqualTo(Kmip.INVALID_ATTRIBUTE);
    assertThat(host.importWrappedKek(0, "kek-next", KEK_UID, wrapped)).isZero();
    assertThat(host.importMek(1, 0, KEY_A)).as("old identifier").isEqualTo(Kmip.INVALID_ATTRIBUTE);
    assertThat(host.send(KeyChannel.mekPacket(1, 0, "kek-next", next, KEY_A, new byte[0])))
        .isZero();
  }

  @Test
  void keysAreGoneAfterAPowerCycleAndKeksStay() {
    host.withKek();
    host.importMek(1, 0, KEY_A);
    keys.powerCycle();
    assertThat(keys.cipher(1, 0)).isNull();
    assertThat(host.importMek(1, 0, KEY_A)).isZero();
  }

  @Test
  void aProgrammaticResetLocksKeksThatAreSetUpSoAndClearsNoKey() {
    host.withKek();
    host.importMek(1, 0, KEY_A);
    MemorySegment empty = MemorySegment.ofArray(new byte[0]);
    assertThat(host.device.send(2, ComId.TPER_RESET, 0, empty)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(keys.cipher(1, 0)).isNotNull();
    assertThat(host.importMek(1, 0, KEY_B)).as("a KEK that stays open").isZero();
    keys.setKekLocksOnReset(0, true);
    host.device.send(2, ComId.TPER_RESET, 0, empty);
    assertThat(keys.cipher(1, 0)).isNotNull();
    assertThat(host.importMek(1, 0, KEY_A)).isEqualTo(Kmip.PERMISSION_DENIED);
  }

  @Test
  void oneKeyIsCleared() {
    host.withKek();
    host.importMek(1, 0, KEY_A);
    host.importMek(1, 1, KEY_B);
    assertThat(host.clear(1, 0)).isEqualTo(ComIdRequest.SUCCESS);
    assertThat(keys.cipher(1, 0)).isNull();
    assertThat(keys.cipher(1, 1)).isNotNull();
    assertThat(host.clear(1, TAGS)).isEqualTo(ComIdRequest.INVALID_KEY_TAG);
    assertThat(host.clear(2, 0)).isEqualTo(ComIdRequest.NOT_MANAGED);
    assertThat(host.request(1, 99, 0)).isEqualTo(ComIdRequest.FAILURE);
  }

  @Test
  void allKeysOfANamespaceOrOfTheDeviceAreCleared() {
    host.withKek();
    keys.manage(2, 4);
    host.importMek(1, 0, KEY_A);
    host.importMek(2, 0, KEY_B);
    assertThat(host.request(1, ComIdRequest.CLEAR_ALL_MEKS, 0)).isEqualTo(ComIdRequest.SUCCESS);
    assertThat(keys.cipher(1, 0)).isNull();
    assertThat(keys.cipher(2, 0)).isNotNull();
    host.importMek(1, 0, KEY_A);
    assertThat(host.request(-1, ComIdRequest.CLEAR_ALL_MEKS, 0)).isEqualTo(ComIdRequest.SUCCESS);
    assertThat(keys.cipher(1, 0)).isNull();
    assertThat(keys.cipher(2, 0)).isNull();
    assertThat(host.request(3, ComIdRequest.CLEAR_ALL_MEKS, 0)).isEqualTo(ComIdRequest.NOT_MANAGED);
  }

  @Test
  void aPolicyForbidsToClear() {
    host.withKek();
    host.importMek(1, 0, KEY_A);
    keys.setPolicies(KeyPerIoPolicies.DEFAULT.withClearing(false, false));
    assertThat(host.clear(1, 0)).isEqualTo(ComIdRequest.DISABLED_BY_POLICY);
    assertThat(host.request(1, ComIdRequest.CLEAR_ALL_MEKS, 0))
        .isEqualTo(ComIdRequest.DISABLED_BY_POLICY);
    assertThat(keys.cipher(1, 0)).isNotNull();
  }

  @Test
  void aTagThatHoldsAKeyIsNotTakenAway() {
    host.withKek();
    host.importMek(1, 5, KEY_A);
    assertThat(keys.setKeyTags(1, 5)).isFalse();
    assertThat(keys.keyTags(1)).isEqualTo(TAGS);
    assertThat(keys.setKeyTags(1, 6)).isTrue();
    assertThat(keys.cipher(1, 5)).isNotNull();
    assertThat(keys.cipher(1, 6)).isNull();
    host.clear(1, 5);
    assertThat(keys.setKeyTags(1, 5)).isTrue();
    assertThat(host.importMek(1, 5, KEY_A)).isEqualTo(Kmip.INVALID_ATTRIBUTE_VALUE);
  }

  @Test
  void aNamespaceThatIsManagedNoMoreHasLostItsKeys() {
    host.withKek();
    host.importMek(1, 0, KEY_A);
    keys.unmanage(1);
    assertThat(keys.isManaged(1)).isFalse();
    assertThat(keys.manage(1, TAGS)).isTrue();
    assertThat(keys.cipher(1, 0)).isNull();
  }

  @Test
  void anOldMessageIsTakenAgainWithoutReplayProtection() {
    host.withKek();
    MemorySegment packet = KeyChannel.mekPacket(1, 0, KEK_UID, host.kek, KEY_A, new byte[0]);
    assertThat(host.send(packet)).isZero();
    host.clear(1, 0);
    assertThat(host.send(packet)).isZero();
  }

  @Test
  void anOldMessageIsRefusedWithReplayProtection() {
    host.withKek();
    keys.setPolicies(KeyPerIoPolicies.DEFAULT.withReplayProtection());
    MemorySegment packet = KeyChannel.mekPacket(1, 0, KEK_UID, host.kek, KEY_A, host.nonce());
    assertThat(host.send(packet)).isZero();
    host.clear(1, 0);
    assertThat(host.send(packet)).isEqualTo(Kmip.CRYPTOGRAPHIC_FAILURE);
    assertThat(keys.cipher(1, 0)).isNull();
    assertThat(host.importMek(1, 0, KEY_A)).as("no nonce").isEqualTo(Kmip.INVALID_MESSAGE);
    assertThat(host.importMek(1, 0, KEY_A, host.nonce())).isZero();
  }

  @Test
  void noncesDieWithPower() {
    host.withKek();
    keys.setPolicies(KeyPerIoPolicies.DEFAULT.withReplayProtection());
    byte[] nonce = host.nonce();
    keys.powerCycle();
    assertThat(host.importMek(1, 0, KEY_A, nonce)).isEqualTo(Kmip.CRYPTOGRAPHIC_FAILURE);
  }

  @Test
  void thereIsNoNonceWithoutReplayProtection() {
    MemorySegment target = MemorySegment.ofArray(new byte[16]);
    assertThat(host.device.receive(2, ComId.NONCE, 1, target))
        .isEqualTo(NvmeStatus.OPERATION_DENIED);
  }

  @Test
  void aLockedInterfaceTakesNoMessage() {
    host.withKek();
    keys.setPolicies(KeyPerIoPolicies.DEFAULT.withInjectionLocked());
    MemorySegment packet = KeyChannel.mekPacket(1, 0, KEK_UID, host.kek, KEY_A, new byte[0]);
    assertThat(host.device.send(3, ComId.KEYS, 0, packet)).isEqualTo(NvmeStatus.OPERATION_DENIED);
    assertThat(keys.cipher(1, 0)).isNull();
  }

  // ---- messages made by hand

  @Test
  void aDeviceSaysItsVersionAndOperations() {
    Ttlv versions = answer(1, writer -> putQuestion(writer, Kmip.DISCOVER_VERSIONS, 0));
    Ttlv version =
        Objects.requireNonNull(
            payload(versions).structure(Kmip.PROTOCOL_VERSION), "no protocol version");
    assertThat(version.integer(Kmip.PROTOCOL_VERSION_MAJOR, 0)).isEqualTo(2);
    assertThat(version.integer(Kmip.PROTOCOL_VERSION_MINOR, 0)).isEqualTo(1);
    Ttlv operations = answer(1, writer -> putQuestion(writer, Kmip.QUERY, Kmip.QUERY_OPERATIONS));
    assertThat(payload(operations).items())
        .extracting(Ttlv::asNumber)
        .containsExactly(Kmip.IMPORT, Kmip.DISCOVER_VERSIONS, Kmip.QUERY);
    Ttlv objects = answer(1, writer -> putQuestion(writer, Kmip.QUERY, Kmip.QUERY_OBJECTS));
    assertThat(payload(objects).enumeration(Kmip.OBJECT_TYPE))
        .isEqualTo(Kmip.OBJECT_TYPE_SYMMETRIC_KEY);
  }

  @Test
  void anUnknownOperationIsNotSupported() {
    assertThat(reason(answer(1, writer -> putQuestion(writer, 0x01, 0))))
        .isEqualTo(Kmip.OPERATION_NOT_SUPPORTED);
  }

  @Test
  void aBatchCountThatIsWrongIsAnInvalidMessage() {
    assertThat(reason(answer(2, writer -> putQuestion(writer, Kmip.QUERY, 0))))
        .isEqualTo(Kmip.INVALID_MESSAGE);
  }

  @Test
  void tooManyBatchItemsExceedALimit() {
    Ttlv answer =
        answer(
            3,
            writer -> {
              for (int i = 0; i < 3; i++) {
                putQuestion(writer, Kmip.QUERY, 0);
              }
            });
    assertThat(reason(answer)).isEqualTo(Kmip.SERVER_LIMIT_EXCEEDED);
  }

  @Test
  void halfAKeyIsAnInvalidMessage() {
    host.withKek();
    MemorySegment packet = KeyChannel.mekPacket(1, 0, KEK_UID, host.kek, KEY_A, new byte[0]);
    MemorySegment message = packet.asSlice(ComPacket.HEADER_BYTES);
    Ttlv request = Objects.requireNonNull(Ttlv.read(message));
    MemorySegment header = request.items().get(0).value();
    long length = request.items().get(1).value().byteSize() + header.byteSize() + 2 * 8;
    message.set(BIG_ENDIAN_INT, 4, (int) length);
    header.set(BIG_ENDIAN_INT, header.byteSize() - 8, 1); // the batch count
    ComPacket.putHeader(packet, ComId.KEYS, (int) length + 8);
    assertThat(host.send(packet)).isEqualTo(Kmip.INVALID_MESSAGE);
    assertThat(keys.cipher(1, 0)).isNull();
  }

  @Test
  void everyElementOfAnImportIsNeededButTheItemsOwnIdentifiers() {
    host.withKek();
    MemorySegment packet = KeyChannel.mekPacket(1, 0, KEK_UID, host.kek, KEY_A, new byte[0]);
    MemorySegment message = packet.asSlice(ComPacket.HEADER_BYTES);
    List<Ttlv> elements = new ArrayList<>();
    collect(Objects.requireNonNull(Ttlv.read(message)), elements);
    int needed = 0;
    for (Ttlv element : elements) {
      boolean optional =
          element.tag() == Kmip.UNIQUE_BATCH_ITEM_ID
              || element.tag() == Kmip.PROTOCOL_VERSION_MINOR;
      long at = element.value().address() - message.address() - 8;
      int tagAndType = message.get(BIG_ENDIAN_INT, at);
      message.set(BIG_ENDIAN_INT, at, 0x54000000 | element.type());
      int failure = host.send(packet);
      message.set(BIG_ENDIAN_INT, at, tagAndType);
      String what = String.format("%06x at %d", element.tag(), at);
      assertThat(failure == 0).as(what).isEqualTo(optional);
      assertThat(keys.cipher(1, 0) != null).as(what).isEqualTo(optional);
      host.clear(1, 0);
      needed += optional ? 0 : 1;
    }
    assertThat(needed).isGreaterThan(60);
    assertThat(host.send(packet)).as("the message as it was").isZero();
  }

  private static void collect(Ttlv item, List<Ttlv> into) {
    into.add(item);
    item.items().forEach(inner -> collect(inner, into));
  }

  private static void putQuestion(TtlvWriter writer, int operation, int function) {
    writer.begin(Kmip.BATCH_ITEM);
    writer.enumeration(Kmip.OPERATION, operation);
    writer.begin(Kmip.REQUEST_PAYLOAD);
    if (function != 0) {
      writer.enumeration(Kmip.QUERY_FUNCTION, function);
    }
    writer.end();
    writer.end();
  }

  private Ttlv answer(int batchCount, Consumer<TtlvWriter> items) {
    byte[] buffer = new byte[4096];
    TtlvWriter writer =
        new TtlvWriter(MemorySegment.ofArray(buffer).asSlice(ComPacket.HEADER_BYTES));
    writer.begin(Kmip.REQUEST_MESSAGE);
    writer.begin(Kmip.REQUEST_HEADER);
    writer.begin(Kmip.PROTOCOL_VERSION);
    writer.integer(Kmip.PROTOCOL_VERSION_MAJOR, 2);
    writer.integer(Kmip.PROTOCOL_VERSION_MINOR, 0);
    writer.end();
    writer.integer(Kmip.BATCH_COUNT, batchCount);
    writer.end();
    items.accept(writer);
    writer.end();
    MemorySegment packet = segment(buffer).asSlice(0, ComPacket.HEADER_BYTES + writer.bytes());
    ComPacket.putHeader(packet, ComId.KEYS, writer.bytes());
    assertThat(host.device.send(3, ComId.KEYS, 0, packet)).isEqualTo(NvmeStatus.SUCCESS);
    MemorySegment response = segment(new byte[4096]);
    host.device.receive(3, ComId.KEYS, 0, response);
    return Objects.requireNonNull(
        Ttlv.read(Objects.requireNonNull(ComPacket.message(response, ComId.KEYS))));
  }

  private static Ttlv payload(Ttlv answer) {
    Ttlv item = Objects.requireNonNull(answer.structure(Kmip.BATCH_ITEM));
    return Objects.requireNonNull(item.structure(Kmip.RESPONSE_PAYLOAD), "no payload");
  }

  private static int reason(Ttlv answer) {
    return Objects.requireNonNull(answer.structure(Kmip.BATCH_ITEM))
        .enumeration(Kmip.RESULT_REASON);
  }

  private static MemorySegment segment(byte[] bytes) {
    return MemorySegment.ofArray(bytes);
  }
}
