// placeholder: defined with the probe
#pragma once
