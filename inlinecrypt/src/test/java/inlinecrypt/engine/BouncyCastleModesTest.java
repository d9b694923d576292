package inlinecrypt.engine;

class BouncyCastleModesTest extends EngineModesContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("bouncycastle");
  }
}
