"""Units as types: what a bare number in a scenario means and what range it may have.

Each type carries its unit in the JSON Schema, so that an editor and a generated form show it.
"""

from typing import Annotated

from pydantic import Field

Metres = Annotated[float, Field(gt=0, json_schema_extra={"unit": "m"})]
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, json_schema_extra={"unit": "m"})]
Point = tuple[Coordinate, Coordinate]

Hours = Annotated[float, Field(gt=0, le=24, json_schema_extra={"unit": "h"})]
HourOfDay = Annotated[float, Field(ge=0, lt=24, json_schema_extra={"unit": "h"})]
Degrees = Annotated[float, Field(ge=0, lt=360, json_schema_extra={"unit": "deg"})]
Probability = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "1"})]
Years = Annotated[float, Field(ge=0, le=100, json_schema_extra={"unit": "year"})]
People = Annotated[float, Field(ge=0, json_schema_extra={"unit": "person"})]
