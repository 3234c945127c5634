import Birch
import LogText
import SequenceModel
